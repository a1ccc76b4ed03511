// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * When what last passed over one connection, in monotonic nanoseconds. Written on the connection's thread, read by the
 * mailbox; release writes suffice, as a reader only needs a value that is true or a little old.
 */
public final class Traffic {
    private static final VarHandle FRAME = handle("frame");
    private static final VarHandle DATA = handle("data");
    private static final VarHandle BEAT = handle("beat");
    private static final VarHandle PROOF = handle("proof");
    private static final VarHandle SENT = handle("sent");
    private static final VarHandle HELD_UNTIL = handle("heldUntil");

    // Fields and not objects: there are ten thousand connections.
    private volatile long frame;
    private volatile long data;
    private volatile long beat;
    private volatile long proof;
    private volatile long sent;
    private volatile long heldUntil;

    private static VarHandle handle(String field) {
        try {
            return MethodHandles.lookup().findVarHandle(Traffic.class, field, long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    public Traffic(long now) {
        opened(now);
    }

    /** The connection is open: nothing was owed before. */
    public void opened(long now) {
        frame = now;
        data = now;
        beat = now;
        proof = now;
        sent = now;
        heldUntil = now;
    }

    public void frameAt(long nanos) {
        FRAME.setRelease(this, nanos);
    }

    public void dataAt(long nanos) {
        FRAME.setRelease(this, nanos);
        DATA.setRelease(this, nanos);
    }

    /** A heartbeat of the server. */
    public void beatAt(long nanos) {
        BEAT.setRelease(this, nanos);
        PROOF.setRelease(this, nanos);
    }

    /** A frame that proves life without being a heartbeat of the server. */
    public void proofAt(long nanos) {
        PROOF.setRelease(this, nanos);
    }

    public void sentAt(long nanos) {
        SENT.setRelease(this, nanos);
    }

    /** Until then we did not read, so nothing that is missing proves anything. */
    public void heldUntil(long nanos) {
        // Volatile and not a release: whoever stops looks for demands right after it, and must not have looked before.
        heldUntil = nanos;
    }

    long frame() {
        return Math.max((long) FRAME.getAcquire(this), held());
    }

    long data() {
        return Math.max((long) DATA.getAcquire(this), held());
    }

    long beat() {
        return Math.max((long) BEAT.getAcquire(this), held());
    }

    long proof() {
        return Math.max((long) PROOF.getAcquire(this), held());
    }

    /** When reading last went on after a stop, or will go on at the latest. */
    public long held() {
        return (long) HELD_UNTIL.getAcquire(this);
    }

    long sent() {
        return (long) SENT.getAcquire(this);
    }
}
