// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.client;

import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.api.options.Option;
import io.holdfast.api.options.OptionValues;
import io.holdfast.api.transport.FrameEngine;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Everything a client is told, with the names of the PID {@code io.holdfast.client}. Immutable; made by a builder or from a
 * map. An unknown name, a wrong value and a name that looks like a secret are refused by name.
 */
public final class ClientOptions {
    /** The PID of configured clients, a factory PID. */
    public static final String PID = "io.holdfast.client";

    private final OptionValues values;
    private final Map<String, List<String>> headers;
    private final List<OpenMessage> openMessages;
    private final Set<Integer> fatalCloseCodes;
    private final ReconnectPolicy reconnect;
    private final double rotateJitter;
    private final OverflowPolicy overflow;

    private ClientOptions(OptionValues values) {
        ClientOptionRules.check(values);
        this.values = values;
        headers = HeaderLines.read(values.texts("headers"));
        openMessages = readOpenMessages();
        fatalCloseCodes = readFatalCloseCodes();
        reconnect = new ReconnectPolicy(
                values.duration("reconnect.floor"),
                values.positive("reconnect.initial"),
                values.decimal("reconnect.multiplier", 1, 100),
                values.positive("reconnect.maximum"),
                values.decimal("reconnect.jitter", 0, 1),
                values.integer("reconnect.attempts", 0),
                values.duration("reconnect.stable.after"),
                values.positive("retry.after.max"));
        rotateJitter = values.decimal("rotate.jitter", 0, 1);
        overflow = new OverflowPolicy(
                OverflowPolicy.Kind.valueOf(
                        values.text("overflow").replace('-', '_').toUpperCase(Locale.ROOT)),
                values.integer("overflow.max.messages", 1),
                values.integer("overflow.max.bytes", 1),
                values.positive("overflow.block.max"));
    }

    /**
     * Reads the options of a configuration or of any map with the same names.
     *
     * @throws InvalidOptionException naming the first option that cannot be accepted
     */
    public static ClientOptions of(Map<String, ?> map) {
        return new ClientOptions(ClientOptionSet.OPTIONS.parse(map));
    }

    /** Begins with the URI; the id defaults to host and path. */
    public static Builder uri(String uri) {
        return new Builder(uri);
    }

    /** The declarations, for documentation and Metatype. */
    public static List<Option> declared() {
        return ClientOptionSet.OPTIONS.options();
    }

    private List<OpenMessage> readOpenMessages() {
        List<String> texts = values.texts("open.messages");
        List<String> expects = values.texts("open.messages.expect");
        if (expects.size() > texts.size()) {
            throw new InvalidOptionException("open.messages.expect", "has more entries than open.messages");
        }
        List<OpenMessage> messages = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            Optional<String> expect =
                    i < expects.size() ? Optional.of(expects.get(i)).filter(e -> !e.isEmpty()) : Optional.empty();
            messages.add(new OpenMessage(texts.get(i), expect, values.duration("open.messages.limit")));
        }
        return List.copyOf(messages);
    }

    private Set<Integer> readFatalCloseCodes() {
        List<String> codes = values.has("close.fatal") ? values.texts("close.fatal") : List.of("1008");
        try {
            Set<Integer> numbers =
                    codes.stream().map(c -> Integer.valueOf(c.trim())).collect(Collectors.toUnmodifiableSet());
            if (numbers.stream().anyMatch(n -> n < 1000 || n > 4999)) {
                throw new InvalidOptionException("close.fatal", "close codes are from 1000 to 4999");
            }
            return numbers;
        } catch (NumberFormatException e) {
            throw new InvalidOptionException("close.fatal", "must be numbers");
        }
    }

    public Optional<String> clientId() {
        return values.optionalText("client.id");
    }

    /** The given id, or host and path of the URI. */
    public String effectiveId() {
        return clientId().orElseGet(() -> uri().getHost() + (uri().getPath() == null ? "" : uri().getPath()));
    }

    public URI uri() {
        return values.uri("uri");
    }

    /** The URI without query, which may hold tokens: for logs, properties and consoles. */
    public String publicUri() {
        URI u = uri();
        return u.getScheme() + "://" + u.getHost() + (u.getPort() < 0 ? "" : ":" + u.getPort())
                + (u.getPath() == null ? "" : u.getPath());
    }

    /** Whether plain {@code ws} beyond loopback was allowed and is used. */
    public boolean insecure() {
        return values.flag("insecure")
                && uri().getScheme().equalsIgnoreCase("ws")
                && !ClientOptionRules.isLoopback(uri().getHost());
    }

    public Map<String, List<String>> headers() {
        return headers;
    }

    /** The name given to credential sources. */
    public Optional<String> credentials() {
        return values.optionalText("credentials");
    }

    public Optional<Path> trustStore() {
        return values.optionalText("tls.truststore").map(Path::of);
    }

    public String trustStoreType() {
        return values.text("tls.truststore.type");
    }

    public Optional<Path> keyStore() {
        return values.optionalText("tls.keystore").map(Path::of);
    }

    public String keyStoreType() {
        return values.text("tls.keystore.type");
    }

    /** Offered in this order. */
    public List<String> subProtocols() {
        return values.texts("subprotocols");
    }

    /** Scheme {@code http}, a host and a port. */
    public Optional<URI> proxy() {
        return values.has("proxy") ? Optional.of(values.uri("proxy")) : Optional.empty();
    }

    public Duration connectTimeout() {
        return values.duration("connect.timeout");
    }

    public Duration connectTotal() {
        return values.duration("connect.total");
    }

    public Duration writeTimeout() {
        return values.duration("write.timeout");
    }

    public Duration closeTimeout() {
        return values.duration("close.timeout");
    }

    /** Zero for none. */
    public Duration idleTimeout() {
        return values.duration("idle.timeout");
    }

    public int messageMaxBytes() {
        return values.integer("message.max.bytes", 1);
    }

    public int sendBufferMaxBytes() {
        return values.integer("send.buffer.max.bytes", 1);
    }

    /** Messages a second, heartbeats counted; 0: no limit. */
    public int sendLimitMessages() {
        return values.integer("send.limit.messages", 0);
    }

    /** How many of them may leave at once. */
    public int sendLimitBurst() {
        return values.integer("send.limit.burst", 1);
    }

    /** Bytes a second; 0: no limit. */
    public int sendLimitBytes() {
        return values.integer("send.limit.bytes", 0);
    }

    /** What holds for a message whose sender does not say. */
    public SendOptions sendPatience() {
        return values.has("send.patience") ? SendOptions.delay(values.duration("send.patience")) : SendOptions.QUEUE;
    }

    /** Who reads the frames of the connection. */
    public FrameEngine engine() {
        return FrameEngine.valueOf(values.text("transport.engine").toUpperCase(Locale.ROOT));
    }

    /** Whether the server may compress its messages. */
    public boolean compression() {
        return values.flag("transport.compression");
    }

    public boolean direct() {
        return values.text("delivery").equals("direct");
    }

    public OverflowPolicy overflow() {
        return overflow;
    }

    /** Empty where the default of the way in applies. */
    public Optional<Integer> listenersRequired() {
        int n = values.integer("listeners.required", -1);
        return n < 0 ? Optional.empty() : Optional.of(n);
    }

    public Duration listenerGapMax() {
        return values.duration("listener.gap.max");
    }

    public List<OpenMessage> openMessages() {
        return openMessages;
    }

    public ReconnectPolicy reconnect() {
        return reconnect;
    }

    /** Whether the number of attempts was given and is not the default. */
    public boolean attemptsGiven() {
        return values.isGiven("reconnect.attempts");
    }

    public Set<Integer> fatalCloseCodes() {
        return fatalCloseCodes;
    }

    /** Zero: never; empty: what the exchange plugin says. */
    public Optional<Duration> rotateAfter() {
        return values.has("rotate.after") ? Optional.of(values.duration("rotate.after")) : Optional.empty();
    }

    /** From 0 to 1. */
    public double rotateJitter() {
        return rotateJitter;
    }

    public Duration rotateDrain() {
        return values.duration("rotate.drain");
    }

    /** Empty: the engine's own ping frames; {@code none}: no heartbeat. */
    public String heartbeatType() {
        return values.optionalText("heartbeat.type").orElse("");
    }

    /** The plugin's options, unread, by full name. */
    public Map<String, String> heartbeatOptions() {
        return passed("heartbeat.");
    }

    private Map<String, String> passed(String prefix) {
        return values.passed().entrySet().stream()
                .filter(e -> e.getKey().startsWith(prefix))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Empty: no exchange plugin. */
    public String exchangeType() {
        return values.optionalText("exchange.type").orElse("");
    }

    /** The exchange plugin's options, unread, by full name. */
    public Map<String, String> exchangeOptions() {
        return passed("exchange.");
    }

    public Duration exchangeWait() {
        return values.duration("exchange.wait");
    }

    /** Channels of which only the newest waiting message is delivered; {@code *} for all that are not numbered. */
    public List<String> conflate() {
        return values.texts("conflate").stream().map(String::trim).distinct().toList();
    }

    /** Whether numbered channels may be conflated, too. */
    public boolean conflateSequenced() {
        return values.flag("conflate.sequenced");
    }

    /** Channels wanted from the beginning, each once, in the order given. */
    public List<String> exchangeChannels() {
        return values.texts("exchange.channels").stream()
                .map(String::trim)
                .filter(c -> !c.isEmpty())
                .distinct()
                .toList();
    }

    public Duration heartbeatWait() {
        return values.duration("heartbeat.wait");
    }

    public Duration pluginLimit() {
        return values.duration("plugin.limit");
    }

    public Optional<String> supervisorGroup() {
        return values.optionalText("supervisor.group");
    }

    public Duration supervisorWait() {
        return values.duration("supervisor.wait");
    }

    /** {@code permanent}, {@code transient} or {@code temporary}. */
    public String childRestart() {
        return values.text("child.restart");
    }

    public int childOrder() {
        return values.integer("child.order", Integer.MIN_VALUE);
    }

    public boolean childSignificant() {
        return values.flag("child.significant");
    }

    /** {@code remove} or {@code restart}, empty where the default of the way in applies. */
    public Optional<String> initialFailure() {
        return values.optionalText("initial.failure");
    }

    public Duration upLinger() {
        return values.duration("up.linger");
    }

    /** The same options in a group. */
    public ClientOptions withGroup(String group) {
        return new ClientOptions(values.with("supervisor.group", group));
    }

    /** The same options without the client's id: equal for clients that differ by nothing else. */
    public ClientOptions withoutId() {
        return new ClientOptions(values.without("client.id"));
    }

    /** Whether going from these options to others needs a new connection. */
    public boolean needsReconnect(ClientOptions other) {
        return differs(other, Option.Effect.RECONNECT);
    }

    /** Whether going from these options to others needs a new client. */
    public boolean needsRestart(ClientOptions other) {
        return differs(other, Option.Effect.RESTART);
    }

    private boolean differs(ClientOptions other, Option.Effect effect) {
        return declared().stream().anyMatch(o -> o.effect() == effect && !values.same(other.values, o.name()));
    }

    /** Equal to options with the same given values. */
    @Override
    public boolean equals(Object other) {
        return other instanceof ClientOptions o && values.equals(o.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    /** Id and public URI only. */
    @Override
    public String toString() {
        return "ClientOptions[" + effectiveId() + ", " + publicUri() + "]";
    }

    /** Collects options; {@link #build()} checks them. Not thread-safe. */
    public static final class Builder {
        private final Map<String, Object> map = new LinkedHashMap<>();

        private Builder(String uri) {
            map.put("uri", uri);
        }

        /** Any option by its name in a configuration; durations as text with a unit. */
        public Builder option(String name, Object value) {
            map.put(name, value);
            return this;
        }

        public Builder id(String id) {
            return option("client.id", id);
        }

        public Builder header(String name, String value) {
            return add("headers", name + ": " + value);
        }

        public Builder credentials(String name) {
            return option("credentials", name);
        }

        /** Sent on every connection, not waited for. */
        public Builder openMessage(String text) {
            return openMessage(text, "");
        }

        /** Sent on every connection; the next is sent when a message with the literal came. */
        public Builder openMessage(String text, String expect) {
            add("open.messages", text);
            return add("open.messages.expect", expect);
        }

        /** The plugin's type and its options, which may be named with or without {@code heartbeat.} in front. */
        public Builder heartbeat(String type, Map<String, ?> options) {
            options.forEach((k, v) -> map.put(k.startsWith("heartbeat.") ? k : "heartbeat." + k, v));
            return option("heartbeat.type", type);
        }

        /** The exchange plugin, its options without or with the prefix {@code exchange.}. */
        public Builder exchange(String type, Map<String, ?> options) {
            options.forEach((k, v) -> map.put(k.startsWith("exchange.") ? k : "exchange." + k, v));
            return option("exchange.type", type);
        }

        public Builder group(String group) {
            return option("supervisor.group", group);
        }

        public Builder direct() {
            return option("delivery", "direct");
        }

        private Builder add(String name, String value) {
            List<Object> list = new ArrayList<>();
            if (map.get(name) instanceof List<?> before) {
                list.addAll(before);
            }
            list.add(value);
            return option(name, list);
        }

        /** @throws InvalidOptionException naming the first option that cannot be accepted */
        public ClientOptions build() {
            return of(map);
        }
    }
}
