// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import io.holdfast.api.transport.ConnectRequest;
import io.holdfast.api.transport.Transport;
import io.holdfast.api.transport.TransportConnection;
import io.holdfast.api.transport.TransportListener;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;

/** The shipped transport with names of its own, as a machine's name service cannot be changed by a test. */
public final class NamedTransport implements Transport, AutoCloseable {
    private final JettyTransport jetty;

    public NamedTransport(Map<String, InetAddress[]> names) {
        jetty = new JettyTransport(
                host -> {
                    InetAddress[] addresses = names.get(host);
                    if (addresses == null) {
                        throw new UnknownHostException(host);
                    }
                    return addresses;
                },
                1);
    }

    @Override
    public TransportConnection connect(ConnectRequest request, TransportListener listener) {
        return jetty.connect(request, listener);
    }

    @Override
    public void close() {
        jetty.close();
    }
}
