// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * Jetty's TLS, with one difference once the handshake is done: Jetty asks the socket before each record, though it may have
 * many already, and hands each record up by itself. A server that sends each message when it comes makes a record of each, which
 * then costs a system call each. Here the socket is asked when what it gave is used up, for several records, and all whole ones are
 * decrypted in one go. What TLS checks is untouched.
 */
final class TlsConnection extends SslConnection {
    private static final int RECORD_HEADER = 5;
    private static final int APPLICATION_DATA = 23;

    /** The largest plaintext of a record (RFC 8446, 5.1). */
    private static final int MAX_PLAINTEXT = 1 << 14;

    private static final SSLEngineResult UNDERFLOW =
            new SSLEngineResult(Status.BUFFER_UNDERFLOW, HandshakeStatus.NOT_HANDSHAKING, 0, 0);

    private final RecordBuffers buffers;
    private final Consumer<SSLException> onRefused;

    /** The last read took all that the socket had. */
    private volatile boolean drained;

    private volatile boolean readToTheEnd;

    /** What broke behind records that were fine; told when those have been handed up. Under SslConnection's lock. */
    private SSLException broken;

    /** @param onRefused told, before anything is closed, what the engine could not take, such as a server's alert */
    TlsConnection(
            ByteBufferPool pool,
            Executor executor,
            EndPoint endPoint,
            SSLEngine engine,
            Consumer<SSLException> onRefused) {
        this(new RecordBuffers(pool), executor, endPoint, engine, onRefused);
    }

    private TlsConnection(
            RecordBuffers buffers,
            Executor executor,
            EndPoint endPoint,
            SSLEngine engine,
            Consumer<SSLException> onRefused) {
        super(buffers, executor, (SslContextFactory) null, endPoint, engine);
        this.buffers = buffers;
        this.onRefused = onRefused;
        setRenegotiationAllowed(false);
        addHandshakeListener(new SslHandshakeListener() {
            @Override
            public void handshakeSucceeded(Event event) {
                buffers.established();
            }
        });
    }

    /** Whether to ask the socket until it has nothing, and not only until it gave less than there was room for. */
    void readToTheEnd(boolean certain) {
        readToTheEnd = certain;
    }

    @Override
    public void onFillable() {
        drained = false;
        super.onFillable();
    }

    @Override
    protected int networkFill(ByteBuffer input) throws IOException {
        if (buffers.isEstablished()) {
            if (drained && !readToTheEnd || holdsRecord(input)) {
                return 0;
            }
            // A part of a record at the buffer's end would leave little room, and the rest would cost another call.
            BufferUtil.compact(input);
        }
        int space = BufferUtil.space(input);
        int filled = super.networkFill(input);
        drained = filled > 0 && filled < space;
        return filled;
    }

    @Override
    protected SSLEngineResult unwrap(SSLEngine engine, ByteBuffer input, ByteBuffer output) throws SSLException {
        if (broken != null) {
            throw broken;
        }
        boolean quiet = buffers.isEstablished() && engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
        if (quiet && !holdsRecord(input) && !engine.isInboundDone()) {
            // What the engine would say, too, after more work.
            return UNDERFLOW;
        }
        SSLEngineResult first;
        try {
            first = super.unwrap(engine, input, output);
        } catch (SSLException e) {
            onRefused.accept(e);
            throw e;
        }
        return quiet && first.getStatus() == Status.OK && first.bytesProduced() > 0
                ? goOn(engine, input, output, first)
                : first;
    }

    private SSLEngineResult goOn(SSLEngine engine, ByteBuffer input, ByteBuffer output, SSLEngineResult first) {
        int consumed = first.bytesConsumed();
        int produced = first.bytesProduced();
        HandshakeStatus status = first.getHandshakeStatus();
        // Anything but data goes to Jetty by itself, as it always did.
        while (status == HandshakeStatus.NOT_HANDSHAKING
                && output.remaining() > MAX_PLAINTEXT
                && holdsRecord(input)
                && input.get(input.position()) == APPLICATION_DATA) {
            SSLEngineResult next;
            try {
                next = super.unwrap(engine, input, output);
            } catch (SSLException e) {
                broken = e;
                break;
            }
            consumed += next.bytesConsumed();
            produced += next.bytesProduced();
            status = next.getHandshakeStatus();
            if (next.getStatus() != Status.OK || next.bytesConsumed() == 0) {
                // An end is told again to the next call.
                break;
            }
        }
        return new SSLEngineResult(Status.OK, status, consumed, produced);
    }

    /** Whether the buffer begins with a whole record. */
    private static boolean holdsRecord(ByteBuffer input) {
        if (input.remaining() < RECORD_HEADER) {
            return false;
        }
        return input.remaining() >= RECORD_HEADER + (input.getShort(input.position() + 3) & 0xffff);
    }
}
