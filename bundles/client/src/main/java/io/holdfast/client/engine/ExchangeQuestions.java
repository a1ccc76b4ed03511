// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.exchange.Answer;
import io.holdfast.api.exchange.Call;
import io.holdfast.api.exchange.ChannelSpec;
import io.holdfast.api.exchange.ExchangeProtocol;
import io.holdfast.api.exchange.Renewal;
import io.holdfast.api.exchange.SessionContext;
import io.holdfast.api.exchange.SessionStep;
import io.holdfast.api.transport.Secret;
import io.holdfast.client.exchange.SessionEffect;
import io.holdfast.client.exchange.Subscriptions.Batch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What is asked of an exchange's protocol, in its lane; every answer comes on the mailbox. Confined to the mailbox. */
final class ExchangeQuestions {
    /** What the protocol made of channels' names. */
    record Specs(List<ChannelSpec> specs, Map<String, String> impossible) {}

    private record Steps(List<SessionStep> steps, Call list) {}

    private record Maybe(Optional<Renewal> renewal) {}

    private static final String CREDENTIALS = "exchange.";

    private final EngineServices services;
    private final ExchangeBinding binding;
    private final PluginLane lane;
    private final Executor mailbox;
    private final Supplier<ClientOptions> options;
    private final Ids ids;
    private final Consumer<String> trouble;

    /** @param trouble told of answers that are not to be had */
    ExchangeQuestions(
            EngineServices services,
            ExchangeBinding binding,
            PluginLane lane,
            Executor mailbox,
            Supplier<ClientOptions> options,
            Ids ids,
            Consumer<String> trouble) {
        this.services = services;
        this.binding = binding;
        this.lane = lane;
        this.mailbox = mailbox;
        this.options = options;
        this.ids = ids;
        this.trouble = trouble;
    }

    void specs(List<String> names, Consumer<Specs> answer) {
        binding.call("channels", options.get().pluginLimit(), p -> specs(p, names), answer, trouble);
    }

    private static Specs specs(ExchangeProtocol protocol, List<String> names) {
        List<ChannelSpec> specs = new ArrayList<>();
        Map<String, String> impossible = new LinkedHashMap<>();
        for (String name : names) {
            try {
                specs.add(protocol.channel(name));
            } catch (IllegalArgumentException e) {
                impossible.put(name, Text.shown(String.valueOf(e.getMessage())));
            }
        }
        return new Specs(specs, impossible);
    }

    /** Credentials and signatures may take their time, as at a connect. */
    void steps(ExchangeSession of) {
        Optional<String> name = options.get().credentials();
        long connection = of.connection.number;
        String nonce = "n" + Long.toString(services.environment().random().nextLong() >>> 1, 36) + ids.next();
        binding.call(
                "session",
                options.get().connectTimeout(),
                p -> {
                    Map<String, Secret> credentials =
                            name.map(this::credentials).orElse(Map.of());
                    SessionContext context = new SessionContext(
                            connection,
                            credentials,
                            (a, d) -> sign(name, a, d),
                            services.environment().wallTime(),
                            nonce);
                    return new Steps(p.session(context), p.list().orElse(null));
                },
                steps -> of.steps(steps.steps(), steps.list()),
                why -> of.fail(retry("no log-in: " + why)));
    }

    static SessionEffect.End retry(String why) {
        return new SessionEffect.End(SessionEffect.End.How.RETRY, Cause.of(Cause.Kind.SETUP, why), Duration.ZERO);
    }

    private Map<String, Secret> credentials(String name) {
        Map<String, Secret> all;
        try {
            all = services.credentials().lookUp(name);
        } catch (RuntimeException e) {
            // The source's own text is not shown: it might hold what it was asked for.
            throw new IllegalArgumentException("credentials '" + name + "' are not to be had");
        }
        Map<String, Secret> ours = new HashMap<>();
        all.forEach((key, value) -> {
            if (key.startsWith(CREDENTIALS)) {
                ours.put(key, value);
            }
        });
        return ours;
    }

    private byte[] sign(Optional<String> name, String algorithm, byte[] data) {
        return services.credentials()
                .sign(
                        name.orElseThrow(() -> new IllegalArgumentException("the client names no credentials")),
                        algorithm,
                        data);
    }

    void renewal(ExchangeSession of, SessionStep step, Answer answer) {
        binding.call(
                "renewal",
                options.get().pluginLimit(),
                p -> new Maybe(p.renewal(step, answer)),
                maybe -> maybe.renewal().ifPresent(of::renewal),
                trouble);
    }

    void channels(ExchangeSession of, Batch batch) {
        binding.call(
                batch.subscribe() ? "subscribe" : "unsubscribe",
                options.get().pluginLimit(),
                p -> batch.subscribe()
                        ? p.subscribe(batch.channels(), batch.phase())
                        : p.unsubscribe(batch.channels(), batch.phase()),
                call -> of.asked(batch, call),
                why -> {
                    trouble.accept(why);
                    // Not within the call that asked: the session is in the middle of its turn.
                    mailbox.execute(() -> of.asked(batch, null));
                });
    }

    void decode(ExchangeSession of, String frame) {
        binding.call("decode", options.get().pluginLimit(), p -> p.decode(frame), of::inbound, trouble);
    }

    /** Runs the task when every frame given so far has been decoded. */
    void afterDecoding(Runnable task) {
        lane.call("decode", options.get().pluginLimit(), () -> true, result -> task.run());
    }
}
