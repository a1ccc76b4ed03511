// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim.binance;

import io.holdfast.api.transport.CloseInfo;
import io.holdfast.api.transport.ConnectFailure;
import io.holdfast.api.transport.ConnectRequest;
import io.holdfast.api.transport.Transport;
import io.holdfast.api.transport.TransportConnection;
import io.holdfast.api.transport.TransportListener;
import io.holdfast.client.sim.ModelWire;
import io.holdfast.client.sim.VirtualEnvironment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Binance as a model in the world outside of the simulated process, with the network to it as the client's transport. */
final class BinanceModel implements Transport {
    final VirtualEnvironment environment;

    /** Those that have not ended at the server. */
    final List<BinancePeer> open = new ArrayList<>();

    /** What must not happen. */
    final List<String> violations = new ArrayList<>();

    /** The last update of each book: the exchange's, whoever listens. */
    final Map<String, Long> updates = new LinkedHashMap<>();

    /** Streams that are acknowledged and listed, and send nothing. */
    final Set<String> unknownStreams = new LinkedHashSet<>();

    long refusedUntil;
    long accepted;
    long attempts;

    /** The next connection ends after so many requests; negative for none. */
    int cutAfterRequests = -1;

    /** The next SUBSCRIBE is acknowledged, and so many of its streams are not subscribed. */
    int lies;

    /** This method is never answered. */
    Optional<String> unanswered = Optional.empty();

    /** The next request of this method is answered with these members after its id, once. */
    final Map<String, String> errors = new LinkedHashMap<>();

    /** Calls of the WebSocket API are answered within this, each for itself. */
    Duration slowest = Duration.ofMillis(50);

    long messageEvery = Duration.ofSeconds(3).toNanos();

    /** So many messages come with each subscription. */
    int atOnce;

    BinanceModel(VirtualEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public TransportConnection connect(ConnectRequest request, TransportListener listener) {
        attempts++;
        ModelWire wire = new ModelWire(environment, listener);
        environment.world(ModelWire.LATENCY, () -> {
            if (environment.nanoTime() < refusedUntil) {
                wire.fail(ConnectFailure.of(ConnectFailure.Kind.UNREACHABLE, "maintenance"));
                return;
            }
            BinancePeer peer = new BinancePeer(this, wire, request.uri(), ++accepted);
            peer.cutAfterRequests = cutAfterRequests;
            cutAfterRequests = -1;
            open.add(peer);
            wire.open(peer);
            peer.begin();
        });
        return wire;
    }

    /** The newest connection that has not ended. */
    BinancePeer current() {
        return open.get(open.size() - 1);
    }

    void end(BinancePeer peer, CloseInfo info) {
        if (open.remove(peer)) {
            peer.gone();
            environment.world(ModelWire.LATENCY, () -> peer.wire.closed(info));
        }
    }
}
