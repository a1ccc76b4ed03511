// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much one read of the socket takes in, and that nothing is kept when all is read. */
class RecordBuffersTest {
    private static final int RECORD = 16_000;

    @TempDir
    Path directory;

    private final ArrayByteBufferPool pool = new ArrayByteBufferPool();
    private final ByteBuffer plain = ByteBuffer.allocate(ReadBuffer.SIZE);
    private int reads;

    private final ByteArrayEndPoint socket = new ByteArrayEndPoint() {
        @Override
        public int fill(ByteBuffer buffer) throws IOException {
            reads++;
            return super.fill(buffer);
        }
    };

    @Test
    void readsSeveralFullRecordsAtOnceAndGivesTheBufferBack() throws Exception {
        TestCertificates certificates = new TestCertificates(directory);
        SSLEngine server = certificates.serverContext("server.p12").createSSLEngine();
        server.setUseClientMode(false);
        SSLEngine client = clientContext(certificates).createSSLEngine("exchange.test", 443);
        client.setUseClientMode(true);
        TlsConnection tls = new TlsConnection(pool, Runnable::run, socket, client, failure -> {});
        EndPoint decrypted = tls.getSslEndPoint();
        decrypted.setConnection(new AbstractConnection(decrypted, Runnable::run) {
            @Override
            public void onFillable() {
                throw new IllegalStateException("nobody waits");
            }
        });
        handshake(server, decrypted);
        // This end point gives each ticket by itself, as no socket does: all out before the data.
        for (int i = 0; i < 4; i++) {
            tls.onFillable();
            assertThat(fill(decrypted)).isZero();
        }

        int records = 30;
        byte[] sent = FramesTest.pattern(records * RECORD);
        socket.addInput(encrypt(server, ByteBuffer.wrap(sent)));
        reads = 0;
        // What the selector says when bytes are there.
        tls.onFillable();
        ByteBuffer received = ByteBuffer.allocate(sent.length);
        for (int filled = fill(decrypted); filled > 0; filled = fill(decrypted)) {
            assertThat(filled).isGreaterThanOrEqualTo(RECORD);
            received.put(plain);
        }
        assertThat(received.flip()).isEqualTo(ByteBuffer.wrap(sent));
        // Three for each, and what says that there is nothing more.
        assertThat(reads).isLessThanOrEqualTo(records / 3 + 2);
        assertThat(pool.getAvailableHeapMemory()).isEqualTo(pool.getHeapMemory());
    }

    private int fill(EndPoint from) throws Exception {
        BufferUtil.clear(plain);
        return from.fill(plain);
    }

    private static SSLContext clientContext(TestCertificates certificates) throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(certificates.load("server-trust.p12"));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private void handshake(SSLEngine server, EndPoint client) throws Exception {
        ByteBuffer in = ByteBuffer.allocate(1 << 16).flip();
        server.beginHandshake();
        client.flush(BufferUtil.EMPTY_BUFFER);
        while (true) {
            in.compact().put(socket.takeOutput()).flip();
            HandshakeStatus status = server.getHandshakeStatus();
            switch (status) {
                case NEED_TASK -> server.getDelegatedTask().run();
                case NEED_WRAP -> socket.addInput(wrap(server, BufferUtil.EMPTY_BUFFER));
                case NEED_UNWRAP -> {
                    if (server.unwrap(in, ByteBuffer.allocate(1 << 16)).bytesConsumed() == 0) {
                        assertThat(fill(client)).isZero();
                    }
                }
                default -> {
                    // Tickets of TLS 1.3.
                    assertThat(fill(client)).isZero();
                    return;
                }
            }
        }
    }

    private static ByteBuffer encrypt(SSLEngine server, ByteBuffer bytes) throws SSLException {
        ByteBuffer all = ByteBuffer.allocate(bytes.remaining() * 2);
        while (bytes.hasRemaining()) {
            all.put(wrap(server, bytes.slice(bytes.position(), RECORD)));
            bytes.position(bytes.position() + RECORD);
        }
        return all.flip();
    }

    private static ByteBuffer wrap(SSLEngine server, ByteBuffer bytes) throws SSLException {
        ByteBuffer out = ByteBuffer.allocate(2 * RECORD);
        assertThat(server.wrap(bytes, out).getStatus()).isEqualTo(Status.OK);
        return out.flip();
    }
}
