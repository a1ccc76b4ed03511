// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.delivery;

import io.holdfast.api.client.OverflowPolicy;

/** The bounds of one lane and what happens at them. Guarded by the {@link Turn} unless said otherwise. */
final class Overflow {
    private static final long NEVER = -1;

    private final Context context;
    private final Backlog backlog;
    private final Lane lane;

    /** Connection of which this lane takes nothing more, because a message did not fit. */
    private long cut = NEVER;

    /** Under {@code overflow=block}: reading has stopped for this lane. */
    private final Pause blocked;

    /** Bounds at the time of blocking. Written before {@link #blocked} begins, read by the runner while it is on. */
    private OverflowPolicy blockedBy;

    Overflow(Context context, Backlog backlog, Lane lane) {
        this.context = context;
        this.backlog = backlog;
        this.lane = lane;
        this.blocked = new Pause(context);
    }

    boolean hasCut(long connection) {
        return connection == cut;
    }

    /** Whether the message is to be appended; what is not, and what had to go for it, is counted. */
    boolean admits(OverflowPolicy policy, int length, long connection, boolean present) {
        if (connection == cut) {
            drop();
            return false;
        }
        if (fits(policy, length)) {
            return true;
        }
        if (policy.kind() == OverflowPolicy.Kind.DROP_OLDEST) {
            backlog.missing("the queue was full; overflow=drop-oldest");
            while (!fits(policy, length) && backlog.dropOldest()) {
                drop();
            }
            return true;
        }
        if (!present) {
            // Nobody is slow: an absent listener must not cost the others their connection.
            backlog.missing("the queue was full while the listener was away");
            drop();
            return false;
        }
        if (policy.kind() == OverflowPolicy.Kind.BLOCK
                && backlog.canHold(length)
                && (blocked.isOn() ? !context.pressure().hasStopped(connection) : !isFull(policy))) {
            // It cannot be given back to the transport, so the bound is passed by the one message that shows it; of
            // each
            // connection, for while one replaces the other both read until they are told.
            return true;
        }
        drop();
        cut(connection, "the queue was full: " + backlog.messages() + " messages, " + backlog.bytes() + " bytes");
        return false;
    }

    /** An empty queue takes a message of any size: one that never fits would never come through. */
    private boolean fits(OverflowPolicy policy, int length) {
        return backlog.hasNoMessage()
                || backlog.messages() < policy.maxMessages()
                        && backlog.bytes() + length <= policy.maxBytes()
                        && backlog.canHold(length);
    }

    private boolean isFull(OverflowPolicy policy) {
        return backlog.messages() >= policy.maxMessages() || backlog.bytes() >= policy.maxBytes();
    }

    private void drop() {
        context.tally().dropped(1);
    }

    private void cut(long connection, String why) {
        cut = connection;
        backlog.missing(why);
        unblock();
        context.pressure().replace(context.clientId() + ": listener " + lane.description() + ": " + why);
    }

    /** A new connection is ready; if it was cut already before that, it must be replaced as well. */
    void resumed(long connection) {
        if (cut == connection) {
            context.pressure()
                    .replace(context.clientId() + ": listener " + lane.description() + ": the queue is still full");
        }
    }

    // ---- overflow=block

    /** A message was appended; the runner must be woken after this. */
    void appended(OverflowPolicy policy, long connection) {
        if (policy.kind() == OverflowPolicy.Kind.BLOCK && !blocked.isOn() && isFull(policy)) {
            blockedBy = policy;
            blocked.begin(
                    context.owner().blockLimit(),
                    () -> cut(connection, "the queue was full and reading stopped for as long as it may"));
        }
    }

    /** Reading may go on as far as this lane is concerned. */
    void unblock() {
        blocked.end();
    }

    /** On the runner's thread, after a message was taken. */
    void taken() {
        if (blocked.isOn() && hasRoom()) {
            context.turn().run(this::unblockIfRoom);
        }
    }

    /** On the runner's thread, after everything was taken. */
    void drained() {
        if (blocked.isOn()) {
            context.turn().run(this::unblockIfRoom);
        }
    }

    /** Looked at again, for it may have been blocked anew since the runner asked for it. */
    private void unblockIfRoom() {
        if (blocked.isOn() && hasRoom()) {
            unblock();
        }
    }

    /** Half of it, lest reading starts and stops with every message. */
    private boolean hasRoom() {
        OverflowPolicy policy = blockedBy;
        return backlog.messages() <= policy.maxMessages() / 2 && backlog.bytes() <= policy.maxBytes() / 2;
    }
}
