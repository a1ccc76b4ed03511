// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.delivery;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Messages of a connection whose address asks for data, which so may come before the listeners were told of the connection. They
 * are told as soon as the mailbox knows that it is open: nothing that lies behind these messages is waited for meanwhile, so reading
 * may stop. Guarded by the delivery's turn.
 */
final class EarlyMessages {
    /** Beyond it reading stops. */
    private static final int MOST = 256;

    /** @param payload its own */
    record Early(boolean text, ByteBuffer payload, long receivedNanos) {}

    /** Of this connection messages wait; 0 for none. */
    private long connection;

    private boolean full;

    /** Made when there are some. */
    private List<Early> kept = List.of();

    void begin(long from) {
        connection = from;
        full = false;
        kept = List.of();
    }

    boolean holds(long of) {
        return of == connection && of != 0;
    }

    /**
     * @param copy kept as it is
     * @return whether more may be read
     */
    boolean keep(boolean text, ByteBuffer copy, long receivedNanos) {
        if (kept.isEmpty()) {
            kept = new ArrayList<>();
        }
        kept.add(new Early(text, copy, receivedNanos));
        full = kept.size() >= MOST;
        return !full;
    }

    /** Nothing waits from here on. @return what has waited, in order */
    List<Early> end() {
        List<Early> taken = kept;
        connection = 0;
        kept = List.of();
        return taken;
    }

    /** Whether reading has stopped for those that were kept. */
    boolean full() {
        return full;
    }
}
