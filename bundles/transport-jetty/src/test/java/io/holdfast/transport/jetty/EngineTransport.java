// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import io.holdfast.api.transport.ConnectRequest;
import io.holdfast.api.transport.FrameEngine;
import io.holdfast.api.transport.Transport;
import io.holdfast.api.transport.TransportConnection;
import io.holdfast.api.transport.TransportListener;

/** The transport with every request changed to one engine, so that one test serves both. */
final class EngineTransport implements Transport, AutoCloseable {
    private final FrameEngine engine;
    private final JettyTransport transport;

    EngineTransport(FrameEngine engine, JettyTransport transport) {
        this.engine = engine;
        this.transport = transport;
    }

    @Override
    public TransportConnection connect(ConnectRequest request, TransportListener listener) {
        return transport.connect(request.with(engine, request.compression()), listener);
    }

    int connections() {
        return transport.connections();
    }

    @Override
    public void close() {
        transport.close();
    }
}
