// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import io.holdfast.api.transport.ConnectFailure;
import io.holdfast.api.transport.ConnectFailure.Kind;
import io.holdfast.api.transport.HttpProxy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/** Asks a proxy for a tunnel and reads its answer; what follows in the tunnel is another connection's business. */
final class ProxyConnection extends AbstractConnection {
    private static final int CHUNK = 4096;

    private final Try owner;
    private final ByteBuffer request;

    /** Touched only by the thread that fills. */
    private final ByteArrayOutputStream head = new ByteArrayOutputStream(CHUNK);

    /** The request written and the answer read: the end point takes no other write before the first was told. */
    private final AtomicInteger missing = new AtomicInteger(2);

    /** The end point goes on without this connection. */
    private volatile boolean over;

    ProxyConnection(EndPoint endPoint, Executor executor, Try owner, HttpProxy proxy, UpgradeRequest target) {
        super(endPoint, executor);
        this.owner = owner;
        this.request = request(proxy, target);
    }

    private static ByteBuffer request(HttpProxy proxy, UpgradeRequest target) {
        String host = target.host().indexOf(':') < 0 ? target.host() : "[" + target.host() + "]";
        String authority = host + ":" + target.port();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(ascii("CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n"));
        if (!proxy.credentials().isEmpty()) {
            char[] secret = proxy.credentials().reveal();
            byte[] plain = new String(secret).getBytes(StandardCharsets.UTF_8);
            bytes.writeBytes(ascii("Proxy-Authorization: Basic "));
            bytes.writeBytes(Base64.getEncoder().encode(plain));
            bytes.writeBytes(ascii("\r\n"));
            Arrays.fill(secret, '\0');
            Arrays.fill(plain, (byte) 0);
        }
        bytes.writeBytes(ascii("\r\n"));
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void onOpen() {
        super.onOpen();
        getEndPoint().write(Callback.from(this::oneDone, owner::broken), request);
        fillInterested();
    }

    @Override
    public void onFillable() {
        ByteBuffer chunk = BufferUtil.allocate(CHUNK);
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
            head.write(chunk.array(), chunk.arrayOffset() + chunk.position(), chunk.remaining());
        } while (!answered());
    }

    /** Whether there is nothing more to read here. */
    private boolean answered() {
        byte[] bytes = head.toByteArray();
        int end = UpgradeAnswer.endOfHead(bytes, bytes.length);
        if (end < 0 && bytes.length <= UpgradeConnection.MAX_HEAD) {
            return false;
        }
        if (end < 0 || end > UpgradeConnection.MAX_HEAD) {
            refused(Kind.PROTOCOL, "its answer's header is larger than 32 kB");
            return true;
        }
        UpgradeAnswer answer;
        try {
            answer = UpgradeAnswer.parse(bytes, end);
        } catch (UpgradeAnswer.Malformed e) {
            refused(Kind.PROTOCOL, e.getMessage());
            return true;
        }
        if (answer.status() / 100 != 2) {
            owner.end(new ConnectFailure(
                    Kind.HTTP,
                    Text.shown("the proxy answered HTTP " + answer.status() + " " + answer.reason())
                            .strip(),
                    OptionalInt.of(answer.status()),
                    answer.retryAfter(),
                    Optional.empty()));
        } else if (bytes.length > end) {
            // Neither TLS nor HTTP has the server speak first.
            refused(Kind.PROTOCOL, "it sent more than its answer");
        } else {
            oneDone();
        }
        return true;
    }

    private void refused(Kind kind, String what) {
        owner.end(ConnectFailure.of(kind, "the proxy cannot be used: " + what));
    }

    private void oneDone() {
        if (missing.decrementAndGet() == 0) {
            over = true;
            owner.tunnelled(getEndPoint());
        }
    }

    @Override
    public void onFillInterestedFailed(Throwable cause) {
        owner.broken(cause);
    }

    @Override
    public void onClose(Throwable cause) {
        super.onClose(cause);
        if (!over) {
            owner.broken(cause);
        }
    }
}
