// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim.deribit;

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
import java.util.function.Consumer;

/** Deribit as a model in the world outside of the simulated process, with the network to it as the client's transport. */
final class DeribitModel implements Transport {
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

    /** Connections that one client may have open at once. */
    int mostOpen = 1;

    /** All connections get the same messages, each with its own delay; otherwise each has messages of its own. */
    boolean oneFeed;

    /** Told of each connection that is let in. */
    Consumer<DeribitPeer> onAccept = peer -> {};

    /** Trades so far, of every channel of trades. */
    final Map<String, Long> trades = new LinkedHashMap<>();

    /** After a connection was let in, the feed is busy for a while. */
    long busyUntil;

    long expiresIn = 900;
    long messageEvery = Duration.ofSeconds(3).toNanos();
    long orders;

    DeribitModel(VirtualEnvironment environment) {
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
            DeribitPeer peer =
                    new DeribitPeer(this, wire, ++accepted, request.uri().toString());
            peer.lag = oneFeed ? environment.random().nextLong(30_000_000) : 0;
            peer.cutAfterRequests = cutAfterRequests;
            cutAfterRequests = -1;
            open.add(peer);
            onAccept.accept(peer);
            if (open.stream()
                            .filter(p -> !p.silent() && p.client.equals(peer.client))
                            .count()
                    > mostOpen) {
                violations.add("two connections are open at once: " + open.size());
            }
            wire.open(peer);
        });
        return wire;
    }

    /** Each of these channels has messages from here on, whoever listens. */
    void feed(List<String> channels) {
        oneFeed = true;
        channels.forEach(this::tick);
    }

    private void tick(String channel) {
        boolean busy = environment.nanoTime() < busyUntil;
        long next = 1 + environment.random().nextLong(busy ? 20_000_000 : messageEvery);
        environment.world(next, () -> {
            String text = DeribitPeer.message(this, channel);
            open.stream().filter(p -> p.subscribed.contains(channel)).forEach(p -> p.send(text));
            tick(channel);
        });
    }

    /** Those of one client that have not ended, oldest first. */
    List<DeribitPeer> of(String client) {
        return open.stream().filter(p -> p.client.contains(client)).toList();
    }

    /** The newest connection that has not ended. */
    DeribitPeer current() {
        return open.get(open.size() - 1);
    }

    void end(DeribitPeer peer, CloseInfo info) {
        if (open.remove(peer)) {
            peer.gone();
            environment.world(ModelWire.LATENCY, () -> peer.wire.closed(info));
        }
    }
}
