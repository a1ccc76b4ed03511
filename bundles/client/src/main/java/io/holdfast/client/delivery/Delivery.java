// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.delivery;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.Continuity;
import io.holdfast.api.client.MessageListener;
import io.holdfast.api.client.OverflowPolicy;
import io.holdfast.client.lanes.Environment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Brings one client's messages and continuity events to its listeners, each in a lane of its own.
 *
 * <p>A listener gets every message once and in order, or a {@link Continuity.Gap} that names the missing ones, in their
 * place. Which messages are missing follows from their numbers, whatever the reason.
 *
 * <p><b>Queued</b>: a message is copied into the lane's ring and the listener called on
 * {@link Environment#deliveries()}. <b>Direct</b>: the listener is called within {@link #deliver}, unless something waits
 * in its lane, such as a continuity event: that is told on a delivery thread, and messages go behind it until the lane is
 * empty again. When an eighth of the bounds waits there, reading stops until it is empty, but for no longer than the limit of
 * {@code BLOCK}; after that, until the lane has been empty, only the policy counts. A listener is never called by two threads
 * at once, never in the mailbox.
 *
 * <p><b>No room</b>, by {@link OverflowPolicy.Kind}: {@code DISCONNECT} takes nothing more of this connection into that lane
 * and calls {@link Owner#overflowed}; the gap is told before the interruption. {@code DROP_OLDEST} drops whole messages.
 * {@code BLOCK} stops reading until the queue is half empty, and after the limit acts like {@code DISCONNECT}. A message
 * larger than all bounds is taken by an empty queue, and {@code BLOCK} passes the bounds by the message that shows it, of each
 * connection, and by what a {@link Sieve} kept back.
 *
 * <p><b>Conflation</b>: a message that waited until a newer one came that stands for it is taken out of the queue without a call and
 * without a gap; it counts as waiting until then.
 *
 * <p><b>Leaving and returning</b>: the lane of a listener with an id is kept for {@code listener.gap.max} within the bounds;
 * what does not fit is dropped (without a disconnect). A listener that comes with the id in this time goes on where the
 * other stopped, without any event. Later it is told one gap of everything it missed, one of each stream that had any, which
 * spans them all, and the first interruption and last resumption if there were any. {@value Roster#MAX_ABSENT} such places are
 * remembered; who comes after that is told {@code Joined}, as is a listener without id.
 *
 * <p>Threads: everything may be called from any thread and returns at once, but {@link #remove}, which waits up to 500 ms.
 * What changes state runs in one {@link Turn}, without a lock; the owner's methods are called in it or on delivery threads.
 */
public final class Delivery {
    private static final long REMOVE_MILLIS = 500;

    /** The engine's side. Every method may be called on any thread, must only answer or post, and must not call back. */
    public interface Owner {
        /** Bounds and policy; asked with each message that is queued. */
        OverflowPolicy overflow();

        /** How long reading may stop under {@code BLOCK}, and while a direct listener catches up. */
        Duration blockLimit();

        /** How long the place of an absent listener is kept. */
        Duration gapMax();

        /** The connection must be replaced, cause {@link Cause.Kind#SLOW_CONSUMER}. Once until {@link Delivery#resumed}. */
        void overflowed(String description);

        /**
         * The connection may be read again after {@link Delivery#deliver} returned false. It may come before that return has been seen
         * by the transport, which must remember it then.
         */
        void demand(long connection);

        /** Number of listeners present now. */
        void listenersChanged(int present);

        /** A listener threw. Every fault is counted, one per second and listener is described. */
        void listenerFault(String plainText);

        /** A direct listener has been in {@code onMessage} for more than a second: listener, thread, stack; empty when none is any more. */
        void listenerBlocked(String plainText);

        /** A fault of this side; the delivery goes on. */
        void failed(Throwable fault);
    }

    private static final long NOBODY = -1;

    private final boolean direct;
    private final Conflation conflation;
    private final Owner owner;
    private final Tally tally = new Tally();
    private final Turn turn;
    private final Pressure pressure;
    private final Roster roster;
    private final Watchdog watchdog;

    /** Guarded by the turn: of this connection and those before it nothing is taken any more. */
    private long ended = NOBODY;

    /** Guarded by the turn. */
    private final EarlyMessages early = new EarlyMessages();

    /** Guarded by the turn. */
    private boolean closed;

    /**
     * @param direct whether listeners are called on the transport's thread
     * @param conflation which of the messages that wait are left out
     */
    public Delivery(String clientId, Environment environment, boolean direct, Conflation conflation, Owner owner) {
        this.direct = direct;
        this.conflation = conflation;
        this.owner = owner;
        turn = new Turn(owner);
        pressure = new Pressure(owner);
        Context context = new Context(clientId, environment, direct, turn, owner, tally, pressure, conflation);
        roster = new Roster(context);
        watchdog = new Watchdog(context, roster);
    }

    // ---- listeners

    /** Adds a listener; one that is there already is left as it is. After {@link #close} it is told {@code Left} only. */
    public void add(MessageListener listener, Optional<String> listenerId) {
        Objects.requireNonNull(listener);
        String id = listenerId.orElse(null);
        turn.run(() -> roster.add(listener, id));
    }

    /**
     * Removes a listener: no call to it begins any more. Returns when the present call has ended, or after 500 ms; at once
     * when called by the listener itself. Nothing refers to it afterwards but the call that may still go on.
     */
    public void remove(MessageListener listener) {
        CountDownLatch gone = new CountDownLatch(1);
        Thread caller = Thread.currentThread();
        turn.run(() -> roster.remove(listener, gone, caller));
        try {
            gone.await(REMOVE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Listeners present now. */
    public int listeners() {
        return roster.present();
    }

    // ---- messages

    /** Takes one message that every listener sees. */
    public boolean deliver(boolean text, ByteBuffer payload, long receivedNanos, long connection) {
        return deliver(text, payload, receivedNanos, connection, null);
    }

    /**
     * Takes one message. Each connection calls this on one thread of the transport; there are two of them while one replaces
     * the other. What comes of a connection after {@link #interrupted} was called for it or for a later one is ignored.
     *
     * @param payload from position to limit, unchanged; used until return
     * @param sieve decides whether listeners see it; null: they do
     * @return false to read nothing more until {@link Owner#demand}
     */
    public boolean deliver(boolean text, ByteBuffer payload, long receivedNanos, long connection, Sieve sieve) {
        if (!turn.tryEnter()) {
            return deliverLater(text, payload, receivedNanos, connection, sieve);
        }
        Runner claimed;
        boolean mayRead;
        try {
            if (refuses(connection)) {
                return true;
            }
            if (sieve != null && sieve.takes(payload, receivedNanos)) {
                putHeld(sieve);
                return true;
            }
            if (early.holds(connection)) {
                return early.keep(text, Sieve.copy(payload), receivedNanos);
            }
            claimed = put(text, payload, receivedNanos, connection, direct);
            putHeld(sieve);
            mayRead = pressure.mayRead(connection);
        } finally {
            turn.leave();
        }
        if (claimed != null) {
            claimed.callClaimed(text, payload, receivedNanos, connection);
        }
        return mayRead;
    }

    /** The turn is taken for a moment. The transport does not wait for it but stops until the copy is where it belongs. */
    private boolean deliverLater(boolean text, ByteBuffer payload, long receivedNanos, long connection, Sieve sieve) {
        ByteBuffer copy = Sieve.copy(payload);
        turn.run(() -> {
            if (refuses(connection)) {
                return;
            }
            if (sieve != null && sieve.takes(copy, receivedNanos)) {
                putHeld(sieve);
                owner.demand(connection);
                return;
            }
            if (early.holds(connection)) {
                if (early.keep(text, copy, receivedNanos)) {
                    owner.demand(connection);
                }
                return;
            }
            put(text, copy, receivedNanos, connection, false);
            putHeld(sieve);
            if (pressure.mayRead(connection)) {
                owner.demand(connection);
            }
        });
        return false;
    }

    private void putHeld(Sieve sieve) {
        if (sieve == null) {
            return;
        }
        for (Sieve.Held h = sieve.next(); h != null; h = sieve.next()) {
            putHeld(h);
        }
    }

    /** A message that a {@link Sieve} kept back follows now. Only in the turn. */
    public void putHeld(Sieve.Held held) {
        if (!refuses(held.connection())) {
            put(true, held.payload(), held.nanos(), held.connection(), false);
        }
    }

    private boolean refuses(long connection) {
        return closed || connection <= ended;
    }

    /** @return the listeners to be called on this thread, chained; null for none */
    private Runner put(boolean text, ByteBuffer payload, long receivedNanos, long connection, boolean call) {
        long sequence = tally.received(payload.remaining(), receivedNanos);
        conflation.received(text, payload, sequence);
        Runner claimed = null;
        boolean wanted = false;
        for (Lane lane : roster.lanes()) {
            Runner mine = call ? lane.claim(connection, sequence) : null;
            if (mine != null) {
                claimed = mine.before(claimed);
                wanted = true;
            } else {
                wanted |= lane.offer(owner.overflow(), text, payload, receivedNanos, connection, sequence);
            }
        }
        if (!wanted) {
            tally.dropped(1);
        }
        if (claimed != null) {
            watchdog.arm();
        }
        return claimed;
    }

    /** Of this connection, which is being made, nothing is delivered before {@link #begin}: it waits, within bounds. */
    public void holdBack(long connection) {
        turn.run(() -> early.begin(connection));
    }

    /** The listeners know of the connection: what has waited comes next. */
    public void begin(long connection) {
        turn.run(() -> {
            if (!early.holds(connection)) {
                return;
            }
            boolean stopped = early.full();
            for (EarlyMessages.Early m : early.end()) {
                if (!refuses(connection)) {
                    put(m.text(), m.payload(), m.receivedNanos(), connection, false);
                }
            }
            if (stopped && pressure.mayRead(connection)) {
                owner.demand(connection);
            }
        });
    }

    // ---- continuity

    /** The connection was lost; nothing of it is delivered any more. */
    public void interrupted(long connection, Cause cause) {
        turn.run(() -> {
            if (closed) {
                return;
            }
            ended = Math.max(ended, connection);
            pressure.interrupted(ended);
            if (early.holds(connection)) {
                early.end();
            }
            for (Lane lane : roster.lanes()) {
                lane.interrupted();
            }
            tell(new Continuity.Interrupted(connection, tally.messages(), cause));
        });
    }

    /** A new connection is ready. */
    public void resumed(long connection, Duration span) {
        resumed(new Continuity.Resumed(connection, span));
    }

    /** The same with what may have been missed. */
    public void resumed(Continuity.Resumed event) {
        turn.run(() -> {
            if (closed) {
                return;
            }
            tell(event);
            pressure.resumed();
            for (Lane lane : roster.lanes()) {
                lane.resumed(event.connection());
            }
        });
    }

    /**
     * Messages of a stream are missing, by the server's numbering, before the one that a {@link Sieve} is looking at. Only from
     * there.
     */
    public void gapNow(String stream, long from, long to, Cause cause) {
        if (!closed) {
            tell(new Continuity.Gap(stream, from, to, cause));
        }
    }

    /** Runs the task in the turn in which messages are looked at, now or soon. It must not block. */
    public void inTurn(Runnable task) {
        turn.run(task);
    }

    private void tell(Continuity event) {
        for (Lane lane : roster.lanes()) {
            lane.put(event);
        }
    }

    /**
     * Ends the delivery: each listener is told {@code Left} after what waits for it, or, a second later, after a gap. Does not
     * wait. Idempotent.
     */
    public void close(Cause cause) {
        turn.run(() -> {
            if (closed) {
                return;
            }
            closed = true;
            pressure.interrupted(Long.MAX_VALUE);
            watchdog.close();
            roster.close(cause);
        });
    }

    /**
     * Completes after {@link #close} when every listener that was there has been told {@code Left} or was removed. On any
     * thread; what depends on it must only post.
     */
    public CompletionStage<Void> over() {
        return roster.over().minimalCompletionStage();
    }

    // ---- figures, over the life of the client

    /** Messages waiting for the listeners, those kept for absent ones included. */
    public long queued() {
        long sum = 0;
        for (Lane lane : roster.lanes()) {
            sum += lane.queued();
        }
        return sum;
    }

    /** Storage held by the lanes' queues, in bytes. */
    public long capacity() {
        long sum = 0;
        for (Lane lane : roster.lanes()) {
            sum += lane.capacity();
        }
        return sum;
    }

    /** Messages not delivered to a listener, summed over the listeners; once each when nobody was there for it. */
    public long dropped() {
        return tally.dropped();
    }

    /** Exceptions thrown by listeners. */
    public long faults() {
        return tally.faults();
    }

    /** Messages received. */
    public long messages() {
        return tally.messages();
    }

    /** Their payload, in bytes. */
    public long bytes() {
        return tally.bytes();
    }

    /** {@code receivedNanos} of the last message; to be used only if {@link #messages} is above zero. */
    public long lastMessageNanos() {
        return tally.lastMessageNanos();
    }
}
