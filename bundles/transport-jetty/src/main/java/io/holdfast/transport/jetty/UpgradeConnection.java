// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import io.holdfast.api.transport.ConnectFailure;
import io.holdfast.transport.jetty.frames.Compression;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/**
 * Sends the opening handshake and reads its answer. Blocking in Jetty's sense: a TLS handshake costs milliseconds and
 * belongs to a pool thread, not to the selector that serves living connections.
 */
final class UpgradeConnection extends AbstractConnection implements Connection.UpgradeFrom {
    static final int MAX_HEAD = 32 * 1024;

    private final Try owner;
    private final UpgradeRequest request;

    /** What came so far; touched only by the thread that fills. */
    private byte[] head = new byte[1024];

    private int length;

    /** Null unless agreed; written before the answer is counted as read. */
    private Compression compression;

    /**
     * The request must be written and the answer read. Under TLS the answer can be there before the end of the write was
     * told, and the end point takes no other write until then.
     */
    private final AtomicInteger missing = new AtomicInteger(2);

    UpgradeConnection(EndPoint endPoint, Executor executor, Try owner, UpgradeRequest request) {
        super(endPoint, executor);
        this.owner = owner;
        this.request = request;
    }

    @Override
    public void onOpen() {
        super.onOpen();
        getEndPoint().write(Callback.from(this::oneDone, owner::broken), request.bytes());
        fillInterested();
    }

    @Override
    public void onFillable() {
        ByteBuffer chunk = BufferUtil.allocate(4096);
        do {
            BufferUtil.clear(chunk);
            int filled;
            try {
                filled = getEndPoint().fill(chunk);
            } catch (IOException | RuntimeException e) {
                owner.broken(e);
                return;
            }
            if (filled < 0) {
                owner.broken(null);
                return;
            }
            if (filled == 0) {
                fillInterested();
                return;
            }
            append(chunk);
        } while (!answered());
    }

    private void append(ByteBuffer chunk) {
        int more = chunk.remaining();
        if (length + more > head.length) {
            head = Arrays.copyOf(head, Math.max(2 * head.length, length + more));
        }
        chunk.get(head, length, more);
        length += more;
    }

    /** Whether there is nothing more to read here. */
    private boolean answered() {
        while (true) {
            int end = UpgradeAnswer.endOfHead(head, length);
            if (end < 0 ? length > MAX_HEAD : end > MAX_HEAD) {
                owner.end(ConnectFailure.of(ConnectFailure.Kind.PROTOCOL, "the answer's header is larger than 32 kB"));
                return true;
            }
            if (end < 0) {
                return false;
            }
            UpgradeAnswer answer;
            try {
                answer = UpgradeAnswer.parse(head, end);
            } catch (UpgradeAnswer.Malformed e) {
                owner.end(ConnectFailure.of(ConnectFailure.Kind.PROTOCOL, e.getMessage()));
                return true;
            }
            head = Arrays.copyOfRange(head, end, Math.max(length, end + 1024));
            length -= end;
            if (!answer.isInterim()) {
                answer.failure(request).ifPresentOrElse(owner::end, () -> accepted(answer));
                return true;
            }
        }
    }

    private void accepted(UpgradeAnswer answer) {
        try {
            compression = answer.compression().orElse(null);
        } catch (UpgradeAnswer.Malformed e) {
            throw new IllegalStateException("an answer that was checked", e);
        }
        oneDone();
    }

    private void oneDone() {
        if (missing.decrementAndGet() == 0) {
            owner.opened(getEndPoint(), compression);
        }
    }

    /** The first bytes of the WebSocket, which came together with the answer. */
    @Override
    public ByteBuffer onUpgradeFrom() {
        return ByteBuffer.wrap(head, 0, length);
    }

    @Override
    public void onFillInterestedFailed(Throwable cause) {
        owner.broken(cause);
    }

    @Override
    public void onClose(Throwable cause) {
        super.onClose(cause);
        owner.broken(cause);
    }
}
