// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import io.holdfast.api.transport.ConnectFailure;
import io.holdfast.api.transport.ConnectFailure.Kind;
import io.holdfast.transport.jetty.frames.Compression;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * One address of an attempt. Until TCP and TLS stand, a failure means the next address; what goes wrong afterwards is the
 * service's word and ends the attempt.
 */
final class Try {
    private enum Stage {
        TCP,
        PROXY,
        TLS,
        UPGRADE
    }

    private final InetSocketAddress address;
    private final SSLContext tls;

    /** Empty once settled, so that what Jetty still holds of this try holds nothing else. */
    private final AtomicReference<Attempt> attempt;

    private final AtomicReference<BiConsumer<Kind, String>> onFailed;
    private final AtomicReference<Scheduler.Task> limit = new AtomicReference<>();
    private final Network network;
    private volatile Stage stage = Stage.TCP;
    private volatile String tlsFailure;

    /** Given up: what there is of a socket is closed. */
    private volatile boolean abandoned;

    private volatile SocketChannel channel;
    private volatile SocketChannelEndPoint endPoint;

    Try(Attempt attempt, InetSocketAddress address, SSLContext tls, BiConsumer<Kind, String> onFailed) {
        this.attempt = new AtomicReference<>(attempt);
        this.address = address;
        this.tls = tls;
        this.onFailed = new AtomicReference<>(onFailed);
        this.network = attempt.network();
    }

    void start() {
        Attempt running = attempt.get();
        if (running == null) {
            return;
        }
        running.step("connecting to " + address.getAddress().getHostAddress());
        limit.set(network.scheduler()
                .schedule(this::expired, running.request().connectTimeout().toNanos(), TimeUnit.NANOSECONDS));
        try {
            SocketChannel opened = SocketChannel.open();
            channel = opened;
            opened.configureBlocking(false);
            opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
            if (opened.connect(address)) {
                network.selectors().accept(opened, this);
            } else {
                network.selectors().connect(opened, this);
            }
        } catch (IOException | RuntimeException e) {
            tcpFailed(e);
        }
        if (abandoned) {
            // Given up while the socket was made; the one who did so may not have seen it.
            release();
        }
    }

    /** Gives the address up in silence. */
    void close() {
        settle();
        release();
    }

    void tcpFailed(Throwable failure) {
        failed(Kind.UNREACHABLE, Text.of(failure));
    }

    Connection newConnection(SocketChannelEndPoint connected) {
        endPoint = connected;
        Attempt running = attempt.get();
        if (running == null) {
            return new Abandoned(connected, network.threads());
        }
        if (running.request().proxy().isEmpty()) {
            return direct(connected, running);
        }
        stage = Stage.PROXY;
        running.step("asking the proxy " + address.getAddress().getHostAddress() + " for a tunnel");
        return new ProxyConnection(
                connected, network.threads(), this, running.request().proxy().get(), running.upgrade());
    }

    /** The proxy lets through what is sent from here on. */
    void tunnelled(EndPoint connected) {
        Attempt running = attempt.get();
        if (running == null) {
            release();
        } else {
            connected.upgrade(direct(connected, running));
        }
    }

    private Connection direct(EndPoint connected, Attempt running) {
        if (tls == null) {
            return upgrade(connected, running);
        }
        stage = Stage.TLS;
        running.step("in the TLS handshake with " + address.getAddress().getHostAddress());
        UpgradeRequest request = running.upgrade();
        TlsConnection ssl = new TlsConnection(
                network.buffers(),
                network.threads(),
                connected,
                TlsContexts.engine(tls, request.host(), request.port()),
                this::refused);
        ssl.addHandshakeListener(new SslHandshakeListener() {
            @Override
            public void handshakeSucceeded(Event event) {
                upgrading();
            }

            @Override
            public void handshakeFailed(Event event, Throwable failure) {
                tlsFailure = Text.of(failure);
            }
        });
        EndPoint decrypted = ssl.getSslEndPoint();
        decrypted.setConnection(new UpgradeConnection(decrypted, network.threads(), this, request));
        return ssl;
    }

    /** Under TLS 1.3 a server judges the client's certificate when the client's side of the handshake is done already. */
    private void refused(SSLException failure) {
        if (failure instanceof SSLHandshakeException) {
            tlsFailure = Text.of(failure);
        }
    }

    private UpgradeConnection upgrade(EndPoint connected, Attempt running) {
        upgrading();
        return new UpgradeConnection(connected, network.threads(), this, running.upgrade());
    }

    private void upgrading() {
        stage = Stage.UPGRADE;
        cancelLimit();
        Attempt running = attempt.get();
        if (running != null) {
            running.step("waiting for " + address.getAddress().getHostAddress() + " to answer the upgrade");
        }
    }

    /** The connection broke before the upgrade was answered. */
    void broken(Throwable failure) {
        String text = failure == null ? "the server closed the connection" : Text.of(failure);
        if (stage == Stage.PROXY) {
            failed(Kind.UNREACHABLE, "no answer of the proxy: " + text);
        } else if (stage == Stage.UPGRADE && tlsFailure == null) {
            end(ConnectFailure.of(Kind.IO, "no answer to the upgrade: " + text));
        } else {
            failed(Kind.TLS, "TLS handshake: " + (tlsFailure == null ? text : tlsFailure));
        }
    }

    /** The answer was none that opens. */
    void end(ConnectFailure failure) {
        Attempt running = settle();
        if (running != null) {
            release();
            running.fail(failure);
        }
    }

    void opened(EndPoint upgraded, Compression compression) {
        Attempt running = settle();
        if (running == null) {
            release();
        } else {
            running.opened(upgraded, compression);
        }
    }

    private void expired() {
        String what = switch (stage) {
            case TCP -> "no TCP connection";
            case PROXY -> "no answer of the proxy";
            default -> "no TLS handshake";
        };
        Attempt running = attempt.get();
        if (running != null && stage != Stage.UPGRADE) {
            failed(Kind.TIMEOUT, what + " within " + running.request().connectTimeout());
        }
    }

    private void failed(Kind kind, String text) {
        BiConsumer<Kind, String> next = onFailed.get();
        if (settle() != null && next != null) {
            release();
            next.accept(kind, text);
        }
    }

    private Attempt settle() {
        cancelLimit();
        Attempt running = attempt.getAndSet(null);
        onFailed.set(null);
        return running;
    }

    private void cancelLimit() {
        Scheduler.Task task = limit.getAndSet(null);
        if (task != null) {
            task.cancel();
        }
    }

    private void release() {
        abandoned = true;
        cancelLimit();
        if (endPoint != null) {
            Sockets.reset(endPoint);
        } else if (channel != null) {
            Sockets.reset(channel);
            network.selectors().wakeUp();
        }
    }

    /** What Jetty gets when the attempt ended while TCP connected; an exception would be a warning in the log. */
    private static final class Abandoned extends AbstractConnection {
        private Abandoned(EndPoint endPoint, Executor executor) {
            super(endPoint, executor);
        }

        @Override
        public void onOpen() {
            super.onOpen();
            Sockets.reset(getEndPoint());
        }

        @Override
        public void onFillable() {
            Sockets.reset(getEndPoint());
        }
    }
}
