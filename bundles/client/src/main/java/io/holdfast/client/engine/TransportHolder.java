// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.transport.ConnectFailure;
import io.holdfast.api.transport.ConnectRequest;
import io.holdfast.api.transport.Transport;
import io.holdfast.api.transport.TransportConnection;
import io.holdfast.api.transport.TransportListener;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** The transport there is now. While there is none clients wait, so they outlive its update. */
public final class TransportHolder {
    private final AtomicReference<Transport> transport = new AtomicReference<>();

    public void set(Transport next) {
        transport.set(next);
    }

    /** Nothing if another has taken its place already. */
    public void unset(Transport gone) {
        transport.compareAndSet(gone, null);
    }

    boolean present() {
        return transport.get() != null;
    }

    Optional<TransportConnection> connect(ConnectRequest request, TransportListener listener) {
        Transport now = transport.get();
        if (now == null) {
            listener.onFailed(ConnectFailure.of(ConnectFailure.Kind.NO_TRANSPORT, "no transport is installed"));
            return Optional.empty();
        }
        return Optional.of(now.connect(request, listener));
    }
}
