// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.net;

import io.holdfast.simulator.SimulatorOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The socket side of a connection: reading, writing what waits, interest, and the ways to end TCP. Loop thread only. */
final class Pipe implements Loop.Ready {

    /** Who reads from it. */
    interface Reader {
        void bytes(ByteBuffer in);

        void endOfStream();

        void broken(IOException cause);
    }

    private static final int READS_PER_PASS = 64;

    private final Logger log = LoggerFactory.getLogger(Pipe.class);
    private final Loop loop;
    private final SocketChannel channel;
    private final Reader reader;
    private final Wire wire;
    private final SelectionKey key;
    private final Outbox outbox = new Outbox();
    private boolean readPaused;
    private boolean flushing;
    private boolean finWhenEmpty;
    private boolean closed;

    Pipe(Loop loop, SocketChannel channel, SimulatorOptions options, Reader reader) throws IOException {
        this.loop = loop;
        this.channel = channel;
        this.reader = reader;
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        if (options.sendBuffer() > 0) {
            channel.setOption(StandardSocketOptions.SO_SNDBUF, options.sendBuffer());
        }
        wire = options.tls().isPresent() ? new TlsWire(channel, options.tls().get()) : new PlainWire(channel);
        key = channel.register(loop.selector(), SelectionKey.OP_READ, this);
    }

    int localPort() throws IOException {
        return ((InetSocketAddress) channel.getLocalAddress()).getPort();
    }

    int remotePort() throws IOException {
        return ((InetSocketAddress) channel.getRemoteAddress()).getPort();
    }

    List<String> alpn() {
        return wire instanceof TlsWire tls ? tls.offered() : List.of();
    }

    /** Changes to it take effect with {@link #flush()}. */
    Outbox outbox() {
        return outbox;
    }

    // -- writing -----------------------------------------------------------------------------------------------------

    void flush() {
        if (flushing || closed) {
            return; // flushing: called from a callback of the flush under way
        }
        flushing = true;
        try {
            outbox.flush(wire);
            if (finWhenEmpty && outbox.isEmpty()) {
                finWhenEmpty = false;
                wire.finish();
                channel.shutdownOutput();
            }
        } catch (IOException e) {
            reader.broken(e);
        } finally {
            flushing = false;
        }
        interest();
    }

    /** FIN when everything queued is written. */
    void finWhenEmpty() {
        finWhenEmpty = true;
        pauseReading(false);
        flush();
    }

    void pauseReading(boolean paused) {
        readPaused = paused;
        interest();
    }

    private void interest() {
        if (closed || !key.isValid()) {
            return;
        }
        try {
            boolean toWrite = wire.pending() || !outbox.isEmpty();
            int ops = (readPaused ? 0 : SelectionKey.OP_READ) | (toWrite ? SelectionKey.OP_WRITE : 0);
            if (key.interestOps() != ops) {
                key.interestOps(ops);
            }
        } catch (IOException e) {
            reader.broken(e);
        }
    }

    // -- reading -----------------------------------------------------------------------------------------------------

    @Override
    public void ready() {
        if (key.isWritable()) {
            flush();
        }
        read();
    }

    private void read() {
        for (int i = 0; i < READS_PER_PASS; i++) {
            if (closed || readPaused) {
                return;
            }
            ByteBuffer buffer = loop.scratch();
            int count;
            try {
                count = wire.read(buffer);
            } catch (IOException e) {
                reader.broken(e);
                return;
            }
            if (count < 0) {
                reader.endOfStream();
                return;
            }
            if (count == 0) {
                interest();
                return;
            }
            reader.bytes(buffer.flip());
        }
        // let others have their turn; TLS may hold bytes that the selector does not know of
        loop.schedule(0, this::read);
    }

    // -- ending ------------------------------------------------------------------------------------------------------

    /** @param reset RST instead of FIN */
    void close(boolean reset) {
        if (closed) {
            return;
        }
        closed = true;
        outbox.clear();
        try {
            if (reset) {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
        } catch (IOException e) {
            log.warn("no SO_LINGER, the peer may see FIN instead of RST: {}", e.toString());
        }
        try {
            channel.close();
        } catch (IOException e) {
            log.debug("closing a socket failed: {}", e.toString());
        }
        loop.purgeClosed();
    }
}
