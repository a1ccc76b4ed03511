// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.delivery;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** What a delivery counts over the client's life. Read from any thread. */
final class Tally {
    private static final VarHandle MESSAGES = handle("messages");
    private static final VarHandle BYTES = handle("bytes");
    private static final VarHandle LAST_MESSAGE_NANOS = handle("lastMessageNanos");
    private static final VarHandle DROPPED = handle("dropped");
    private static final VarHandle FAULTS = handle("faults");

    /** These have one writer at a time: whoever has the turn. */
    private volatile long messages;

    private volatile long bytes;
    private volatile long lastMessageNanos;

    /** These are written from anywhere. */
    private volatile long dropped;

    private volatile long faults;

    /** @return number of the message */
    long received(int length, long receivedNanos) {
        // One writer: nothing stronger than a release is needed, and this is done for each message.
        BYTES.setRelease(this, (long) BYTES.get(this) + length);
        LAST_MESSAGE_NANOS.setRelease(this, receivedNanos);
        long number = (long) MESSAGES.get(this) + 1;
        MESSAGES.setRelease(this, number);
        return number;
    }

    void dropped(long count) {
        DROPPED.getAndAdd(this, count);
    }

    void faulted() {
        FAULTS.getAndAdd(this, 1L);
    }

    long messages() {
        return messages;
    }

    long bytes() {
        return bytes;
    }

    long lastMessageNanos() {
        return lastMessageNanos;
    }

    long dropped() {
        return dropped;
    }

    long faults() {
        return faults;
    }

    private static VarHandle handle(String field) {
        try {
            return MethodHandles.lookup().findVarHandle(Tally.class, field, long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
