// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.exchange.Answer;
import io.holdfast.api.exchange.Call;
import io.holdfast.api.exchange.ChannelSpec;
import io.holdfast.api.exchange.ExchangeProtocol;
import io.holdfast.api.exchange.Inbound;
import io.holdfast.api.exchange.Renewal;
import io.holdfast.api.exchange.SessionContext;
import io.holdfast.api.exchange.SessionStep;
import io.holdfast.api.transport.Secret;
import io.holdfast.client.exchange.SessionEffect;
import io.holdfast.client.exchange.Subscriptions.Batch;
import java.time.Duration;
import java.util.ArrayList;
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

    private final ExchangeBinding binding;
    private final Executor mailbox;
    private final Supplier<ClientOptions> options;
    private final SessionContexts contexts;
    private final Consumer<String> trouble;

    /** Why no renewal was to be had last; empty if it was. */
    private String notRenewed = "";

    /** @param trouble told of answers that are not to be had */
    ExchangeQuestions(
            ExchangeBinding binding,
            Executor mailbox,
            Supplier<ClientOptions> options,
            SessionContexts contexts,
            Consumer<String> trouble) {
        this.binding = binding;
        this.mailbox = mailbox;
        this.options = options;
        this.contexts = contexts;
        this.trouble = trouble;
    }

    void specs(List<String> names, Consumer<Specs> answer, Consumer<String> failed) {
        binding.call("channels", options.get().pluginLimit(), p -> specs(p, names), answer, failed);
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

    /**
     * Credentials and signatures may take their time, as at a connect.
     *
     * @param left runs instead when the plugin is replaced meanwhile, so that its successor can be asked
     */
    void steps(ExchangeSession of, Runnable left) {
        Optional<String> name = options.get().credentials();
        Connection connection = of.connection;
        String nonce = contexts.nonce();
        binding.call(
                "session",
                options.get().connectTimeout(),
                p -> {
                    SessionContext context =
                            contexts.of(connection.number, contexts.credentials(name), connection.prepared, nonce);
                    return new Steps(p.session(context), p.list().orElse(null));
                },
                steps -> of.steps(steps.steps(), steps.list()),
                why -> of.fail(retry("no log-in: " + why)),
                left);
    }

    static SessionEffect.End retry(String why) {
        return new SessionEffect.End(SessionEffect.End.How.RETRY, Cause.of(Cause.Kind.SETUP, why), Duration.ZERO);
    }

    void renewal(ExchangeSession of, SessionStep step, Answer answer) {
        binding.callPatiently(
                "renewal",
                options.get().pluginLimit(),
                p -> new Maybe(p.renewal(step, answer)),
                maybe -> {
                    notRenewed = "";
                    of.renewal(answer, maybe.renewal());
                },
                why -> {
                    if (!why.equals(notRenewed)) {
                        trouble.accept(why);
                    }
                    notRenewed = why;
                    // Not within the call that asked: the session is in the middle of its turn.
                    mailbox.execute(() -> of.renewalNotTold(answer));
                });
    }

    void channels(ExchangeSession of, Batch batch) {
        Map<String, Secret> values = of.connection.prepared;
        binding.call(
                batch.subscribe() ? "subscribe" : "unsubscribe",
                options.get().pluginLimit(),
                p -> batch.subscribe()
                        ? p.subscribe(batch.channels(), batch.phase(), values)
                        : p.unsubscribe(batch.channels(), batch.phase(), values),
                call -> of.asked(batch, call),
                why -> {
                    trouble.accept(why);
                    // Not within the call that asked: the session is in the middle of its turn.
                    mailbox.execute(() -> of.asked(batch, null));
                });
    }

    /** See {@link DecodeQueue.Decoder}. */
    void decode(String frame, Consumer<Inbound> read, Runnable unreadable, Runnable left) {
        binding.call(
                "decode",
                options.get().pluginLimit(),
                p -> p.decode(frame),
                read,
                why -> {
                    trouble.accept(why);
                    unreadable.run();
                },
                left);
    }
}
