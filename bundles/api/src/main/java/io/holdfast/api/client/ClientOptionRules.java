// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.client;

import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.api.options.OptionValues;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/** What the options of a client may say, beyond the type of each: bounds, and which go together. */
final class ClientOptionRules {
    private static final int MAX_PORT = 65_535;
    private static final int LEAST_SEND_LIMIT_BYTES = 1024;

    private static final List<String> POSITIVE_DURATIONS = List.of(
            "connect.timeout",
            "connect.total",
            "write.timeout",
            "close.timeout",
            "open.messages.limit",
            "plugin.limit",
            "reconnect.initial",
            "reconnect.maximum");

    private ClientOptionRules() {}

    /** @throws InvalidOptionException naming the first that breaks one */
    static void check(OptionValues values) {
        checkUri(values);
        checkConflate(values);
        checkSendLimits(values);
        if (values.has("proxy")) {
            ProxyOption.check(values.uri("proxy"));
        }
        SubProtocols.check(values.texts("subprotocols"), HeaderLines.read(values.texts("headers")));
        POSITIVE_DURATIONS.forEach(values::positive);
        values.integer("message.max.bytes", 1);
        values.integer("send.buffer.max.bytes", 1);
        values.integer("listeners.required", -1);
        if (values.duration("reconnect.maximum").compareTo(values.duration("reconnect.initial")) < 0) {
            throw new InvalidOptionException("reconnect.maximum", "must not be below reconnect.initial");
        }
        if (values.flag("transport.compression")
                && !values.text("transport.engine").equals("direct")) {
            throw new InvalidOptionException("transport.compression", "needs transport.engine=direct");
        }
        if (values.flag("child.significant") && values.text("child.restart").equals("permanent")) {
            throw new InvalidOptionException("child.significant", "does not go with child.restart=permanent");
        }
    }

    private static void checkUri(OptionValues values) {
        URI uri = values.uri("uri");
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("ws") && !scheme.equals("wss")) {
            throw new InvalidOptionException("uri", "must begin with ws:// or wss://");
        }
        if (uri.getHost() == null || uri.getHost().isEmpty()) {
            throw new InvalidOptionException("uri", "names no host");
        }
        if (uri.getPort() == 0 || uri.getPort() > MAX_PORT) {
            throw new InvalidOptionException("uri", "the port must be from 1 to " + MAX_PORT);
        }
        if (uri.getUserInfo() != null) {
            throw new InvalidOptionException("uri", "must not hold user information; use credentials");
        }
        if (uri.getFragment() != null) {
            throw new InvalidOptionException("uri", "must not have a fragment (RFC 6455, 3)");
        }
        if (scheme.equals("ws") && !values.flag("insecure") && !isLoopback(uri.getHost())) {
            throw new InvalidOptionException("uri", "plain ws beyond loopback needs insecure=true");
        }
    }

    static boolean isLoopback(String host) {
        return host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.\\d{1,3}){3}");
    }

    private static void checkConflate(OptionValues values) {
        if (values.texts("conflate").isEmpty()) {
            return;
        }
        if (values.optionalText("exchange.type").isEmpty()) {
            throw new InvalidOptionException("conflate", "needs an exchange.type, which knows the channels");
        }
        if (values.text("delivery").equals("direct")) {
            throw new InvalidOptionException("conflate", "needs delivery=queued: with direct nothing waits");
        }
    }

    private static void checkSendLimits(OptionValues values) {
        int messages = values.integer("send.limit.messages", 0);
        int burst = values.integer("send.limit.burst", 1);
        if (messages > 0 && messages < burst + 2L) {
            throw new InvalidOptionException("send.limit.messages", "must be 0 or at least send.limit.burst + 2");
        }
        int bytes = values.integer("send.limit.bytes", 0);
        if (bytes > 0 && bytes < LEAST_SEND_LIMIT_BYTES) {
            throw new InvalidOptionException("send.limit.bytes", "must be 0 or at least " + LEAST_SEND_LIMIT_BYTES);
        }
    }
}
