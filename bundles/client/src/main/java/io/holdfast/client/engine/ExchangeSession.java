// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.exchange.Answer;
import io.holdfast.api.exchange.Call;
import io.holdfast.api.exchange.CallFailedException.Outcome;
import io.holdfast.api.exchange.ChannelSpec;
import io.holdfast.api.exchange.ExchangeProfile;
import io.holdfast.api.exchange.Inbound;
import io.holdfast.api.exchange.Renewal;
import io.holdfast.api.exchange.SessionStep;
import io.holdfast.client.exchange.Credits;
import io.holdfast.client.exchange.SessionCore;
import io.holdfast.client.exchange.SessionEffect;
import io.holdfast.client.exchange.Subscriptions;
import io.holdfast.client.exchange.Subscriptions.Batch;
import io.holdfast.client.lanes.Environment;
import io.holdfast.client.lanes.Environment.Cancellable;
import java.nio.CharBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Carries out what one connection's {@link SessionCore} decides. Confined to the mailbox. */
final class ExchangeSession {
    /** The client's side; called on the mailbox. */
    interface Client {
        /** To be answered by {@link #steps}. */
        void askSteps(ExchangeSession session);

        /** To be answered by {@link #renewal}, {@link #renewalNotTold} or {@link #renewalUnasked}. */
        void askRenewal(ExchangeSession session, SessionStep step, Answer answer);

        /** To be answered by {@link #asked}. */
        void askChannels(ExchangeSession session, Batch batch);

        /**
         * Runs the task when every frame read so far has been decoded.
         *
         * @param late runs instead when no plugin was there to do that for longer than connections wait for one
         */
        void afterDecoding(ExchangeSession session, Runnable read, Runnable late);

        void greeted(ExchangeSession session);

        void dataBegins(ExchangeSession session);

        void ready(ExchangeSession session);

        void answered(CompletableFuture<Answer> call, Answer answer);

        void failed(SessionEffect.Failed failed);

        void end(ExchangeSession session, SessionEffect.End end);

        void beginAnew(ExchangeSession session, String channel);

        void alarm(String text);

        /** When the last message of the channel came on the connection; {@code Long.MIN_VALUE} for none. */
        long lastOn(String channel, long connection);

        /** The states of these channels are other ones now. */
        void changed(ExchangeSession session, Collection<String> channels);
    }

    /** Timers are never set shorter: what is due is done at once, and the rest can wait so long. */
    private static final long SHORTEST = Duration.ofMillis(1).toNanos();

    /** A timer that is later than this was held up by a pause of the process, in which nothing was read. */
    private static final long LATE = Duration.ofSeconds(1).toNanos();

    /** An answer may be here, and nobody to read it. */
    private static final String UNREAD = "; the exchange plugin has not read what came";

    final Connection connection;
    private final SessionCore core;
    private final Subscriptions subscriptions;
    private final Client client;
    private final Environment environment;
    private final Executor mailbox;
    private Cancellable timer = () -> {};
    private long grace;
    private boolean confirming;
    private boolean draining;
    private boolean ended;

    ExchangeSession(
            Connection connection,
            SessionCore core,
            Subscriptions subscriptions,
            Client client,
            Environment environment,
            Executor mailbox) {
        this.connection = connection;
        this.core = core;
        this.subscriptions = subscriptions;
        this.client = client;
        this.environment = environment;
        this.mailbox = mailbox;
        this.grace = environment.nanoTime();
    }

    void begin() {
        client.askSteps(this);
    }

    void steps(List<SessionStep> steps, Call list) {
        run(core.steps(steps, list, now()));
    }

    void heartbeatDone() {
        run(core.heartbeatDone(now()));
    }

    void asked(Batch batch, Call call) {
        run(core.asked(batch, call, now()));
    }

    /** @param answer that accepted what is to be renewed */
    void renewal(Answer answer, Optional<Renewal> renewal) {
        core.renewal(answer, renewal);
        run(List.of());
    }

    /** There is no protocol to say. To be called within {@link Client#askRenewal}. */
    void renewalUnasked(Answer answer) {
        core.renewalUnasked(answer);
    }

    /** The protocol failed to say, or left before. */
    void renewalNotTold(Answer answer) {
        core.renewalNotTold(answer, now());
        run(List.of());
    }

    /** There is a protocol again, or another one. */
    void bound() {
        core.bound(now());
        run(List.of());
    }

    void inbound(Inbound inbound) {
        run(core.inbound(inbound, now()));
    }

    void call(Call call, CompletableFuture<Answer> answer) {
        run(core.call(call, answer, now()));
    }

    void want(Collection<ChannelSpec> specs) {
        specs.forEach(s -> subscriptions.want(s, now()));
        run(List.of());
    }

    void unwant(Collection<String> names) {
        names.forEach(subscriptions::unwant);
        run(List.of());
    }

    void gap(String channel) {
        subscriptions.gap(channel, "messages were missing", now());
        run(List.of());
    }

    void fail(SessionEffect.End end) {
        if (!ended) {
            client.end(this, end);
        }
    }

    /** Another connection has taken over: calls that are under way go on, nothing else does. */
    void drain() {
        draining = true;
        core.drain();
        arm();
    }

    /** Whether no call is under way. */
    boolean idle() {
        return core.calls() == 0;
    }

    /** The connection has ended; every call is over after this. */
    void end() {
        if (ended) {
            return;
        }
        ended = true;
        timer.cancel();
        core.lost().forEach(this::execute);
    }

    private boolean watchesChannels() {
        return core.takesChannels() && !draining;
    }

    boolean loggedIn() {
        return core.loggedIn();
    }

    boolean takesCalls() {
        return !ended && core.takesChannels();
    }

    Credits credits() {
        return core.credits();
    }

    ExchangeProfile profile() {
        return core.profile();
    }

    Subscriptions subscriptions() {
        return subscriptions;
    }

    private long now() {
        return environment.nanoTime();
    }

    private void run(List<SessionEffect> effects) {
        List<SessionEffect> next = effects;
        while (!ended) {
            // Before anybody hears of what follows: who asks then sees the channels as they are.
            client.changed(this, subscriptions.takeChanged());
            next.forEach(this::execute);
            if (ended) {
                return;
            }
            next = core.proceed(now());
            if (next.isEmpty()) {
                break;
            }
        }
        if (!ended) {
            client.changed(this, subscriptions.takeChanged());
            arm();
        }
    }

    private void execute(SessionEffect effect) {
        if (effect instanceof SessionEffect.Send e) {
            connection.sendCounted(
                    e.text(),
                    e.secret() || holdsPrepared(e.text()),
                    now(),
                    new WhenSent(mailbox, () -> written(e.id())));
        } else if (effect instanceof SessionEffect.Answered e) {
            client.answered(e.call(), e.answer());
        } else if (effect instanceof SessionEffect.Failed e) {
            client.failed(e);
        } else if (ended) {
            return;
        } else if (effect instanceof SessionEffect.Greeted) {
            client.greeted(this);
        } else if (effect instanceof SessionEffect.AskSteps) {
            client.askSteps(this);
        } else if (effect instanceof SessionEffect.AskRenewal e) {
            client.askRenewal(this, e.step(), e.answer());
        } else if (effect instanceof SessionEffect.AskChannels e) {
            client.askChannels(this, e.batch());
        } else if (effect instanceof SessionEffect.DataBegins) {
            client.dataBegins(this);
        } else if (effect instanceof SessionEffect.Ready) {
            client.ready(this);
        } else if (effect instanceof SessionEffect.BeginAnew e) {
            client.beginAnew(this, e.channel());
        } else if (effect instanceof SessionEffect.Alarm e) {
            client.alarm(e.text());
        } else if (effect instanceof SessionEffect.End e) {
            client.end(this, e);
        }
    }

    private void written(String id) {
        if (!ended) {
            core.written(id, now());
            arm();
        }
    }

    // --- time

    private long lastOn(String channel) {
        return client.lastOn(channel, connection.number);
    }

    private long held() {
        return connection.traffic.held();
    }

    private long grace() {
        return held() - grace > 0 ? held() : grace;
    }

    private void arm() {
        connection.claimed(core.claims());
        timer.cancel();
        long now = now();
        // What is being confirmed is not due a second time.
        long next = core.next(confirming ? now : held(), now);
        if (watchesChannels()) {
            next = Math.min(next, subscriptions.nextDue(this::lastOn, grace(), now));
        }
        if (next != Long.MAX_VALUE) {
            long delay = Math.max(SHORTEST, next);
            long due = now + delay;
            timer = environment.schedule(delay, () -> mailbox.execute(() -> tick(due)));
        }
    }

    private void tick(long due) {
        if (ended) {
            return;
        }
        long now = now();
        if (now - due > LATE) {
            grace = now;
        }
        if (watchesChannels()) {
            subscriptions
                    .silent(this::lastOn, grace(), now)
                    .forEach(c -> client.alarm("channel " + c + " stays silent"));
        }
        if (!confirming && core.overdue(held(), now)) {
            confirming = true;
            // The answer may have come while the process was paused; one more read pass tells.
            connection.afterReadPass(() -> mailbox.execute(() -> confirm()));
        }
        run(List.of());
    }

    private void confirm() {
        if (!ended) {
            // What falls due while this waits may be answered by what waits behind it.
            long held = held();
            long at = now();
            client.afterDecoding(this, () -> confirmed(held, at, ""), () -> confirmed(held, at, UNREAD));
        }
    }

    /** @param why added to what is told of calls that are overdue */
    private void confirmed(long held, long at, String why) {
        confirming = false;
        if (!ended) {
            run(core.expire(held, at, why));
        }
    }

    /** Whether the text has in it what the connection's preparation gave. */
    private boolean holdsPrepared(String text) {
        return connection.prepared.values().stream()
                .anyMatch(s -> !s.isEmpty() && text.contains(CharBuffer.wrap(s.reveal())));
    }

    /** A call that no session could take. */
    static SessionEffect.Failed notSent(CompletableFuture<Answer> answer, Call call, String why) {
        return new SessionEffect.Failed(answer, "", call.method(), Outcome.NOT_SENT, why, null);
    }
}
