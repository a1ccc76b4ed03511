// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.net;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Plain bytes over a socket, with or without TLS between. Never blocks. */
interface Wire {

    /** Adds what there is to {@code target}. @return bytes added, 0 for none now, -1 for the end of the stream */
    int read(ByteBuffer target) throws IOException;

    /** Takes what it can from the first {@code count} buffers. @return whether bytes were taken */
    boolean write(ByteBuffer[] sources, int count) throws IOException;

    /** Whether bytes taken before still wait for the socket; tries to write them first. */
    boolean pending() throws IOException;

    /** Tells the peer that nothing more is sent, as far as the layer can say so before FIN. */
    void finish() throws IOException;
}
