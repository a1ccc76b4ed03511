// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import io.holdfast.api.transport.ConnectRequest;
import io.holdfast.api.transport.FrameEngine;
import io.holdfast.api.transport.Transport;
import io.holdfast.api.transport.TransportConnection;
import io.holdfast.api.transport.TransportListener;
import java.net.InetAddress;
import java.security.SecureRandom;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * Transport over Jetty's selectors and, by the request's choice, its WebSocket frames or our own. Threads start with the first connection and end with
 * {@link #close()}, which every connection then hears of.
 */
@Component(service = Transport.class)
public final class JettyTransport implements Transport, AutoCloseable {
    private final Resolver resolver;
    private final int selectors;
    private final SecureRandom random = new SecureRandom();

    /** Guards {@link #network} and {@link #closed}; held while starting, never while stopping or calling a listener. */
    private final Object lock = new Object();

    private Network network;
    private boolean closed;

    /** Starts nothing yet. */
    @Activate
    public JettyTransport() {
        // A selector's thread reads and delivers for its connections; more than four were never the limit.
        this(
                InetAddress::getAllByName,
                Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors() / 2)));
    }

    JettyTransport(Resolver resolver, int selectors) {
        this.resolver = resolver;
        this.selectors = selectors;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the request cannot be sent: no WebSocket URI, no host, no such port, a header that is malformed or
     *     the transport's own
     * @throws IllegalStateException after {@link #close()}
     */
    @Override
    public TransportConnection connect(ConnectRequest request, TransportListener listener) {
        // The core engine does not inflate, so with it nothing is offered.
        boolean compression = request.compression() && request.engine() == FrameEngine.DIRECT;
        byte[] nonce = new byte[16];
        random.nextBytes(nonce);
        UpgradeRequest upgrade = UpgradeRequest.of(request.uri(), request.headers(), nonce, compression);
        JettyConnection connection = new JettyConnection(network(), request, upgrade, listener);
        connection.start();
        return connection;
    }

    /** Ends every connection, then every thread. */
    @Override
    @Deactivate
    public void close() {
        Network running;
        synchronized (lock) {
            closed = true;
            running = network;
            network = null;
        }
        if (running != null) {
            running.close();
        }
    }

    /** Attempts and connections that have not ended. */
    int connections() {
        synchronized (lock) {
            return network == null ? 0 : network.size();
        }
    }

    private Network network() {
        synchronized (lock) {
            if (closed) {
                throw new IllegalStateException("the transport is closed");
            }
            if (network == null) {
                network = Network.start(resolver, selectors);
            }
            return network;
        }
    }
}
