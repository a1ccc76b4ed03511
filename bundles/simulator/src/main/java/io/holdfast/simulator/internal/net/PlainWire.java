// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** The socket as it is. */
final class PlainWire implements Wire {

    private final SocketChannel channel;

    PlainWire(SocketChannel channel) {
        this.channel = channel;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return channel.read(target);
    }

    @Override
    public boolean write(ByteBuffer[] sources, int count) throws IOException {
        return channel.write(sources, 0, count) > 0;
    }

    @Override
    public boolean pending() {
        return false;
    }

    @Override
    public void finish() {
        // FIN says it
    }
}
