// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.simulator.Simulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/**
 * What reading the same data costs without Holdfast: plain sockets of one selector and one thread, in the same process and from the
 * same simulator. How late they are is the share of the machine, the process and the simulator in how late anything is.
 */
public final class BareSockets implements AutoCloseable {

    private static final int TEXT = 0x81;
    private static final int LENGTH_IN_TWO_BYTES = 126;

    private final Selector selector;
    private final Thread thread;
    private final Supplier<Lateness> lateness;
    private volatile IOException failure;

    /** @param lateness asked at each message where it belongs */
    public BareSockets(Simulator simulator, String prefix, int count, Supplier<Lateness> lateness) {
        this.lateness = lateness;
        try {
            selector = Selector.open();
            for (int i = 0; i < count; i++) {
                SocketChannel channel = connected(simulator.port(), GenericClient.path(prefix + i));
                channel.register(selector, SelectionKey.OP_READ, ByteBuffer.allocate(4096));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread = new Thread(this::read, "bare-sockets");
        thread.setDaemon(true);
        thread.start();
    }

    private static SocketChannel connected(int port, String path) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.write(ByteBuffer.wrap(("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
                        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: AAECAwQFBgcICQoLDA0ODw==\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII)));
        ByteBuffer one = ByteBuffer.allocate(1);
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0 && channel.read(one.clear()) > 0) {
            head.append((char) one.get(0));
        }
        assertThat(head).startsWith("HTTP/1.1 101");
        channel.configureBlocking(false);
        return channel;
    }

    private void read() {
        try {
            while (selector.isOpen()) {
                selector.select(key -> read((SocketChannel) key.channel(), (ByteBuffer) key.attachment()));
            }
        } catch (IOException e) {
            failure = e;
        } catch (UncheckedIOException e) {
            failure = e.getCause();
        } catch (ClosedSelectorException e) {
            // close() was called
            return;
        }
    }

    private void read(SocketChannel channel, ByteBuffer in) {
        try {
            if (channel.read(in) < 0) {
                throw new IOException("the simulator ended a connection");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        long now = System.nanoTime();
        in.flip();
        while (frame(in, now)) {
            // the next
        }
        in.compact();
    }

    /** Takes one frame, if all of it is there. */
    private boolean frame(ByteBuffer in, long now) {
        in.mark();
        if (in.remaining() < 4) {
            return false;
        }
        int first = in.get() & 0xff;
        int length = in.get();
        if (length == LENGTH_IN_TWO_BYTES) {
            length = in.getShort();
        }
        if (in.remaining() < length) {
            in.reset();
            return false;
        }
        byte[] payload = new byte[length];
        in.get(payload);
        if (first == TEXT) {
            lateness.get().addStamped(new String(payload, StandardCharsets.UTF_8), now);
        }
        return true;
    }

    /** Fails if reading had before: afterwards it ends by what is done here. */
    @Override
    public void close() throws IOException {
        IOException before = failure;
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
        assertThat(before).as("why reading ended").isNull();
    }
}
