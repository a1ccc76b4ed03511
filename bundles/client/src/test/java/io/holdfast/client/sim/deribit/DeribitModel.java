// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim.deribit;

import io.holdfast.api.transport.CloseInfo;
import io.holdfast.api.transport.ConnectFailure;
import io.holdfast.api.transport.ConnectRequest;
import io.holdfast.api.transport.Transport;
import io.holdfast.api.transport.TransportConnection;
import io.holdfast.api.transport.TransportListener;
import io.holdfast.client.sim.VirtualEnvironment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Deribit as a model in the world outside of the simulated process, with the network to it as the client's transport. */
final class DeribitModel implements Transport {
    static final long LATENCY = Duration.ofMillis(5).toNanos();

    final VirtualEnvironment environment;

    /** Those that have not ended at the server. */
    final List<DeribitPeer> open = new ArrayList<>();

    /** What must not happen. */
    final List<String> violations = new ArrayList<>();

    /** Numbers of the last change of each book: the exchange's, whoever listens. */
    final Map<String, Long> changeIds = new LinkedHashMap<>();

    /** Left out of every answer to a subscription. */
    final Set<String> unknownChannels = new LinkedHashSet<>();

    long refusedUntil;
    long accepted;
    long attempts;

    /** The next connection ends after so many requests; negative for none. */
    int cutAfterRequests = -1;

    /** The next connections answer this method never. */
    Optional<String> unanswered = Optional.empty();

    /** The next request of this method is answered with this error, once. */
    final Map<String, Integer> errors = new LinkedHashMap<>();

    /** Answers take up to this long, each for itself, so that they come out of order. */
    Duration slowest = Duration.ofMillis(50);

    long expiresIn = 900;
    long messageEvery = Duration.ofSeconds(3).toNanos();
    long orders;

    DeribitModel(VirtualEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public TransportConnection connect(ConnectRequest request, TransportListener listener) {
        attempts++;
        DeribitWire wire = new DeribitWire(this, listener);
        environment.world(LATENCY, () -> {
            if (environment.nanoTime() < refusedUntil) {
                wire.fail(ConnectFailure.of(ConnectFailure.Kind.UNREACHABLE, "maintenance"));
                return;
            }
            DeribitPeer peer = new DeribitPeer(this, wire, ++accepted);
            peer.cutAfterRequests = cutAfterRequests;
            cutAfterRequests = -1;
            open.add(peer);
            if (open.stream().filter(p -> !p.silent()).count() > 1) {
                violations.add("two connections are open at once: " + open.size());
            }
            wire.open(peer);
        });
        return wire;
    }

    /** The newest connection that has not ended. */
    DeribitPeer current() {
        return open.get(open.size() - 1);
    }

    void end(DeribitPeer peer, CloseInfo info) {
        if (open.remove(peer)) {
            peer.gone();
            environment.world(LATENCY, () -> peer.wire.closed(info));
        }
    }
}
