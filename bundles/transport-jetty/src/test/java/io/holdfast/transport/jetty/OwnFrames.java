// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import io.holdfast.transport.jetty.frames.MessageReader;
import io.holdfast.transport.jetty.frames.Violation;
import java.nio.ByteBuffer;

/** What our reader makes of a server's bytes. */
final class OwnFrames {
    private final Events events = new Events();
    private final MessageReader reader;
    private boolean over;
    private String violation = "";

    OwnFrames(int max) {
        reader = new MessageReader(max, null);
    }

    /** @param offset where in its array the buffer lies: it must not matter */
    void read(byte[] bytes, int from, int to, int offset) {
        byte[] array = new byte[offset + to - from];
        System.arraycopy(bytes, from, array, offset, to - from);
        ByteBuffer in = ByteBuffer.wrap(array, offset, to - from).slice();
        ByteBuffer view = in.duplicate();
        try {
            while (!over) {
                switch (reader.read(in, view)) {
                    case NOTHING -> {
                        if (in.hasRemaining()) {
                            throw new AssertionError("bytes were left");
                        }
                        return;
                    }
                    case MESSAGE -> events.message(reader.text(), payload());
                    case PING -> events.ping(payload());
                    case PONG -> events.pong(payload());
                    case CLOSE -> {
                        over = true;
                        events.closed(reader.closeCode(), reader.closeReason());
                    }
                }
            }
        } catch (Violation e) {
            over = true;
            events.failed(e.code());
            violation = e.getMessage();
        }
    }

    private byte[] payload() {
        byte[] copy = new byte[reader.payload().remaining()];
        reader.payload().get(reader.payload().position(), copy);
        return copy;
    }

    /** In words, for whoever looks into a difference. */
    String violation() {
        return violation;
    }

    Events events() {
        return events;
    }
}
