// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/** TLS by {@link SSLEngine}; its tasks run in place. Loop thread only. */
final class TlsWire implements Wire {

    private static final ByteBuffer[] NOTHING = {ByteBuffer.allocate(0)};

    private final SocketChannel channel;
    private final SSLEngine engine;
    private final ByteBuffer netIn; // ready for reading from
    private final ByteBuffer netOut; // ready for writing to the socket
    private List<String> offered = List.of();
    private boolean ended;

    TlsWire(SocketChannel channel, SSLContext context) throws IOException {
        this.channel = channel;
        engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        // like a front end that prefers HTTP/2: a client that offers h2 is given it, and its upgrade fails
        engine.setHandshakeApplicationProtocolSelector((e, protocols) -> {
            offered = List.copyOf(protocols);
            return protocols.contains("h2") ? "h2" : protocols.contains("http/1.1") ? "http/1.1" : "";
        });
        engine.beginHandshake();
        int size = engine.getSession().getPacketBufferSize();
        netIn = ByteBuffer.allocate(size).flip();
        netOut = ByteBuffer.allocate(size).flip();
    }

    /** What the client offered by ALPN. */
    List<String> offered() {
        return offered;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int start = target.position();
        while (true) {
            HandshakeStatus status = engine.getHandshakeStatus();
            if (status == HandshakeStatus.NEED_TASK) {
                engine.getDelegatedTask().run();
            } else if (status == HandshakeStatus.NEED_WRAP) {
                if (pending()) {
                    return target.position() - start;
                }
                wrap(NOTHING, 1);
                if (engine.isOutboundDone()) {
                    pending();
                    return end(target, start);
                }
            } else {
                SSLEngineResult result = engine.unwrap(netIn, target);
                switch (result.getStatus()) {
                    case BUFFER_UNDERFLOW -> {
                        int read = fill();
                        if (read <= 0) {
                            return read < 0 ? end(target, start) : target.position() - start;
                        }
                    }
                    case BUFFER_OVERFLOW -> {
                        return target.position() - start;
                    }
                    case CLOSED -> {
                        return end(target, start);
                    }
                    case OK -> {
                        // go round: more may be there
                    }
                }
            }
        }
    }

    private int end(ByteBuffer target, int start) {
        int read = target.position() - start;
        if (read > 0 && !ended) {
            ended = true;
            return read; // the end is told at the next call
        }
        return -1;
    }

    private int fill() throws IOException {
        netIn.compact();
        int read = channel.read(netIn);
        netIn.flip();
        return read;
    }

    @Override
    public boolean write(ByteBuffer[] sources, int count) throws IOException {
        HandshakeStatus status = engine.getHandshakeStatus();
        boolean handshaking = status != HandshakeStatus.NOT_HANDSHAKING && status != HandshakeStatus.FINISHED;
        if (handshaking || pending()) {
            return false;
        }
        return wrap(sources, count) > 0;
    }

    private int wrap(ByteBuffer[] sources, int count) throws IOException {
        netOut.clear();
        SSLEngineResult result;
        try {
            result = engine.wrap(sources, 0, count, netOut);
        } finally {
            netOut.flip();
        }
        pending();
        return result.bytesConsumed();
    }

    @Override
    public boolean pending() throws IOException {
        if (netOut.hasRemaining()) {
            channel.write(netOut);
        }
        return netOut.hasRemaining();
    }

    @Override
    public void finish() throws IOException {
        engine.closeOutbound();
        if (!pending()) {
            wrap(NOTHING, 1);
        }
    }
}
