// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import io.holdfast.api.transport.CloseInfo;
import io.holdfast.api.transport.ConnectFailure;
import io.holdfast.api.transport.ConnectRequest;
import io.holdfast.api.transport.FrameEngine;
import io.holdfast.api.transport.TransportConnection;
import io.holdfast.api.transport.TransportListener;
import io.holdfast.transport.jetty.frames.Compression;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.eclipse.jetty.io.EndPoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The handle of one attempt and of the connection that came of it. */
final class JettyConnection implements TransportConnection {
    private sealed interface Phase {}

    private record Connecting(Attempt attempt) implements Phase {}

    private record Open(Link link) implements Phase {}

    private record Ended() implements Phase {}

    private static final Phase ENDED = new Ended();
    private static final AtomicReferenceFieldUpdater<JettyConnection, Phase> PHASE =
            AtomicReferenceFieldUpdater.newUpdater(JettyConnection.class, Phase.class, "phase");

    private final Logger logger = LoggerFactory.getLogger(JettyConnection.class);
    private final Network network;
    private final ReleasableListener listener;
    private volatile Phase phase;

    JettyConnection(Network network, ConnectRequest request, UpgradeRequest upgrade, TransportListener listener) {
        this.network = network;
        this.listener = new ReleasableListener(listener);
        this.phase = new Connecting(new Attempt(network, request, upgrade, this));
    }

    void start() {
        if (!network.add(this)) {
            throw new IllegalStateException("the transport is closed");
        }
        if (phase instanceof Connecting connecting) {
            try {
                connecting.attempt.start();
            } catch (RejectedExecutionException e) {
                // Closed meanwhile; closing told the listener.
                logger.debug("The transport was closed while an attempt began");
            }
        }
    }

    /** The handshake succeeded: from here on the end point is the link's. */
    void upgraded(EndPoint endPoint, Compression compression) {
        if (!(phase instanceof Connecting connecting)) {
            Sockets.reset(endPoint);
            return;
        }
        Link link;
        try {
            link = link(connecting.attempt.request(), endPoint, compression);
        } catch (RuntimeException | Error e) {
            // The attempt's own limit does not run any more.
            Sockets.reset(endPoint);
            failed(ConnectFailure.of(ConnectFailure.Kind.IO, "the connection could not be taken over: " + Text.of(e)));
            return;
        }
        if (PHASE.compareAndSet(this, connecting, new Open(link))) {
            link.open();
        } else {
            link.abort();
        }
    }

    private Link link(ConnectRequest request, EndPoint endPoint, Compression compression) {
        return request.engine() == FrameEngine.DIRECT
                ? new DirectLink(network, request, listener, this, endPoint, compression)
                : new CoreLink(network, request, listener, this, endPoint);
    }

    void failed(ConnectFailure failure) {
        if (phase instanceof Connecting connecting && PHASE.compareAndSet(this, connecting, ENDED)) {
            network.remove(this);
            try {
                listener.onFailed(failure);
            } catch (Exception | LinkageError | StackOverflowError e) {
                logger.warn("A listener failed when it was told of a failed attempt: {}", Text.of(e));
            }
            listener.release();
        }
    }

    /** The link's last word. */
    void ended(boolean opened, CloseInfo info) {
        phase = ENDED;
        network.remove(this);
        try {
            if (opened) {
                listener.onClosed(info);
            } else {
                listener.onFailed(ConnectFailure.of(ConnectFailure.Kind.IO, info.reason()));
            }
        } catch (Exception | LinkageError | StackOverflowError e) {
            logger.warn("A listener failed when it was told of the end of a connection: {}", Text.of(e));
        }
        listener.release();
    }

    void transportStopped() {
        Phase now = phase;
        if (now instanceof Connecting connecting) {
            connecting.attempt.fail(ConnectFailure.of(ConnectFailure.Kind.IO, "the transport was stopped"));
        } else if (now instanceof Open open) {
            open.link.stop();
        }
    }

    @Override
    public void demand() {
        if (phase instanceof Open open) {
            open.link.demand();
        }
    }

    @Override
    public void send(boolean text, ByteBuffer payload, SendCallback callback) {
        if (phase instanceof Open open) {
            open.link.send(text, payload, callback);
        } else {
            callback.failed("the connection is not open");
        }
    }

    @Override
    public void ping(ByteBuffer payload, SendCallback callback) {
        if (phase instanceof Open open) {
            open.link.ping(payload, callback);
        } else {
            callback.failed("the connection is not open");
        }
    }

    @Override
    public void close(int code, String reason) {
        Phase now = phase;
        if (now instanceof Connecting connecting) {
            connecting.attempt.fail(ConnectFailure.of(ConnectFailure.Kind.IO, "closed before it was open"));
        } else if (now instanceof Open open) {
            open.link.close(code, reason);
        }
    }

    @Override
    public void abort() {
        Phase before = PHASE.getAndSet(this, ENDED);
        network.remove(this);
        if (before instanceof Connecting connecting) {
            connecting.attempt.abort();
        } else if (before instanceof Open open) {
            open.link.abort();
        }
        listener.release();
    }

    @Override
    public void afterReadPass(Runnable task) {
        if (phase instanceof Open open) {
            open.link.afterReadPass(task);
        }
    }

    @Override
    public String toString() {
        Phase now = phase;
        String what = now instanceof Connecting connecting ? connecting.attempt.request() + ", " : "";
        return "JettyConnection[" + what + now.getClass().getSimpleName() + "]";
    }
}
