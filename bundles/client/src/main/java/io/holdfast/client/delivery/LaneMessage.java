// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.delivery;

import io.holdfast.api.client.Message;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The one message object of a lane. Confined to the thread that runs the lane.
 *
 * <p>References are written only when they change, not with each message: this object lives long, and G1 orders memory for
 * each that it is given to something elsewhere.
 */
final class LaneMessage implements Message {
    private static final byte[] EMPTY = new byte[0];
    private static final int SMALLEST = 256;

    /** Up to here storage is rounded up to a power of two. */
    private static final int ROUNDED = 1024 * 1024;

    /** Above this an array is not held on to after the call, unless it is {@link #own}. */
    private static final int KEPT_VIEW = 64 * 1024;

    /** Holds what was copied out of the ring. */
    private byte[] own = EMPTY;

    /** Where the present message lies, or the last one. */
    private byte[] array = EMPTY;

    private int start;
    private int length;

    /** Over the whole of {@link #viewed}; kept as long as messages lie in the same array. */
    private ByteBuffer view;

    private byte[] viewed;
    private boolean viewSet;
    private String string;
    private boolean valid;
    private boolean text;
    private long sequence;
    private long connection;
    private long receivedNanos;

    /** Room for a payload, which {@link #copied} then makes the message. */
    byte[] room(int bytes) {
        if (own.length < bytes) {
            own = new byte[bytes > ROUNDED ? bytes : Math.max(SMALLEST, Integer.highestOneBit(bytes - 1) << 1)];
        }
        return own;
    }

    void copied(boolean isText, int bytes, long number, long onConnection, long received) {
        set(own, 0, bytes, isText, number, onConnection, received);
    }

    /** Shows the payload where it lies, until {@link #end()}. */
    void show(boolean isText, ByteBuffer payload, long number, long onConnection, long received) {
        int bytes = payload.remaining();
        if (payload.hasArray()) {
            set(
                    payload.array(),
                    payload.arrayOffset() + payload.position(),
                    bytes,
                    isText,
                    number,
                    onConnection,
                    received);
        } else {
            payload.get(payload.position(), room(bytes), 0, bytes);
            copied(isText, bytes, number, onConnection, received);
        }
    }

    private void set(byte[] in, int at, int bytes, boolean isText, long number, long onConnection, long received) {
        if (array != in) {
            array = in;
        }
        start = at;
        length = bytes;
        text = isText;
        sequence = number;
        connection = onConnection;
        receivedNanos = received;
        viewSet = false;
        valid = true;
    }

    /** The listener has returned. */
    void end() {
        valid = false;
        string = null;
        if (isTooLarge(array)) {
            array = EMPTY;
        }
        if (viewed != null && isTooLarge(viewed)) {
            view = null;
            viewed = null;
        }
    }

    private boolean isTooLarge(byte[] kept) {
        return kept.length > KEPT_VIEW && kept != own;
    }

    boolean holdsStorage() {
        return own.length > 0 || array.length > 0 || viewed != null;
    }

    /** Gives all storage back. Only between messages. */
    void release() {
        own = EMPTY;
        array = EMPTY;
        view = null;
        viewed = null;
    }

    @Override
    public boolean isText() {
        check();
        return text;
    }

    @Override
    public ByteBuffer bytes() {
        check();
        if (!viewSet) {
            if (viewed != array) {
                view = ByteBuffer.wrap(array).asReadOnlyBuffer();
                viewed = array;
            }
            view.clear().position(start).limit(start + length);
            viewSet = true;
        }
        return view;
    }

    @Override
    public String text() {
        check();
        if (!text) {
            throw new IllegalStateException("a binary message; use bytes()");
        }
        if (string == null) {
            // The transport has refused malformed UTF-8 already (close code 1007), so that no replacement can happen
            // here.
            string = new String(array, start, length, StandardCharsets.UTF_8);
        }
        return string;
    }

    @Override
    public long receivedNanos() {
        check();
        return receivedNanos;
    }

    @Override
    public long connection() {
        check();
        return connection;
    }

    @Override
    public long sequence() {
        check();
        return sequence;
    }

    private void check() {
        if (!valid) {
            throw new IllegalStateException("the message was valid until onMessage returned");
        }
    }
}
