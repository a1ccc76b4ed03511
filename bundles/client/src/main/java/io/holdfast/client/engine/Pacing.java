// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.SendOptions;
import io.holdfast.api.exchange.ExchangeProfile;
import io.holdfast.api.transport.TransportConnection.SendCallback;
import io.holdfast.client.exchange.Credits;
import io.holdfast.client.exchange.Credits.Lack;
import io.holdfast.client.exchange.SendLimits;
import io.holdfast.client.exchange.Sends;
import io.holdfast.client.lanes.Environment;
import io.holdfast.client.lanes.Environment.Cancellable;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;

/** Holds users' messages of one connection to the limits. There is none where nothing is limited. Thread-safe. */
final class Pacing {
    /** Whose message it is. Called with the lock held: only posts. */
    interface Sender extends SendCallback {
        /** @param allowedIn null: never */
        void limited(String limit, Duration allowedIn);

        /** Too many wait. */
        void full();

        /** The connection ended before its turn came. */
        void connectionEnded();
    }

    private record Message(boolean text, ByteBuffer payload, Sender sender) {}

    /** Timers are never set shorter. */
    private static final long SHORTEST = Duration.ofMillis(1).toNanos();

    private final Connection connection;
    private final Environment environment;
    private final Executor mailbox;

    /**
     * Guarded by this, but for what the engine itself sends. Frames are handed to the transport under it, or a message could
     * overtake one that had its turn before; no thread of the transport takes it.
     */
    private final Sends<Message> sends;

    /** Guarded by this. */
    private Cancellable timer = Cancellable.NONE;

    /** Guarded by this. */
    private boolean ended;

    private Pacing(
            SendLimits limits, Credits exchange, Connection connection, Environment environment, Executor mailbox) {
        this.sends = new Sends<>(limits, exchange, environment.nanoTime());
        this.connection = connection;
        this.environment = environment;
        this.mailbox = mailbox;
    }

    /** @param session the connection's, if its client has an exchange plugin */
    static Optional<Pacing> of(
            ClientOptions options,
            Optional<ExchangeSession> session,
            Connection connection,
            Environment environment,
            Executor mailbox) {
        Optional<ExchangeProfile> profile = session.map(ExchangeSession::profile);
        Credits credits = session.map(ExchangeSession::credits).orElseGet(() -> new Credits(List.of(), List.of(), 0));
        SendLimits limits = SendLimits.of(
                options, profile.map(ExchangeProfile::bytesPerMessage).orElse(Integer.MAX_VALUE));
        return limits.none() && credits.unlimited()
                ? Optional.empty()
                : Optional.of(new Pacing(limits, credits, connection, environment, mailbox));
    }

    synchronized void send(boolean text, ByteBuffer payload, Sender sender, SendOptions how) {
        if (ended) {
            sender.connectionEnded();
            return;
        }
        long now = environment.nanoTime();
        int bytes = payload.remaining();
        Message message = new Message(text, payload, sender);
        switch (sends.offer(message, bytes, how.method(), how.patience().toNanos(), now)) {
            case GO -> connection.send(text, payload, sender, now);
            case WAIT -> arm(now);
            case TOO_LONG -> sender.limited(sends.tooLong(bytes), null);
            case FULL -> sender.full();
            case REFUSED -> limited(sender, sends.lack(bytes, how.method(), now));
        }
    }

    private static void limited(Sender sender, Lack lack) {
        sender.limited(lack.limit(), Duration.ofNanos(lack.nanos()));
    }

    private void arm(long now) {
        timer.cancel();
        long next = sends.next(now);
        timer = next == Long.MAX_VALUE
                ? Cancellable.NONE
                : environment.schedule(Math.max(SHORTEST, next), () -> mailbox.execute(this::proceed));
    }

    private synchronized void proceed() {
        if (ended) {
            return;
        }
        if (connection.isOver()) {
            over();
            return;
        }
        long now = environment.nanoTime();
        for (Message m = sends.poll(now); m != null; m = sends.poll(now)) {
            connection.send(m.text, m.payload, m.sender, now);
        }
        sends.impatient(now).forEach(late -> limited(late.message().sender, late.lack()));
        arm(now);
    }

    /** Limits of the exchange for which calls of the session wait: they go first. */
    void claimed(Set<String> limits) {
        synchronized (this) {
            if (!sends.claim(limits)) {
                return;
            }
        }
        proceed();
    }

    /** Whether nothing waits. */
    synchronized boolean idle() {
        return sends.size() == 0;
    }

    /** The connection takes nothing any more. For any thread, as it only posts. */
    void end() {
        mailbox.execute(this::over);
    }

    private synchronized void over() {
        ended = true;
        timer.cancel();
        timer = Cancellable.NONE;
        sends.clear().forEach(m -> m.sender.connectionEnded());
    }

    /** The engine sends a text. @param counted whether the exchange's limits have it already */
    void charge(int bytes, boolean counted, long now) {
        sends.charge(bytes, counted, now);
    }

    /** A ping or pong leaves. */
    void chargeControl(int bytes, long now) {
        sends.chargeControl(bytes, now);
    }
}
