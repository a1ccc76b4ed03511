// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.ClientHealth;
import io.holdfast.api.client.ClientHealth.HeartbeatHealth;
import io.holdfast.api.client.ClientHealth.Status;
import io.holdfast.api.exchange.ChannelStatus;
import io.holdfast.client.engine.Counters.Count;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Derives a client's health from what its engine shows; made when asked for. */
final class HealthView {
    private static final int CHANNELS_NAMED = 5;

    private final ClientEngine engine;

    /** What the way in adds: unsupervised, given up, options not taken. */
    private final List<Finding> further;

    record Finding(Status status, String text) {}

    HealthView(ClientEngine engine, List<Finding> further) {
        this.engine = engine;
        this.further = further;
    }

    ClientHealth now() {
        List<Finding> findings = new ArrayList<>(further);
        state(findings);
        heartbeat(findings);
        engine.exchange().ifPresent(x -> exchange(x, findings));
        if (engine.options().insecure()) {
            findings.add(new Finding(Status.WARN, "plain ws beyond loopback (insecure=true)"));
        }
        engine.rotationTrouble()
                .ifPresent(
                        why -> findings.add(new Finding(Status.WARN, "the connection could not be replaced: " + why)));
        long hung = engine.counters.get(Count.HUNG_PLUGIN_CALLS);
        if (hung > 0) {
            findings.add(new Finding(Status.WARN, hung + " plugin calls hang"));
        }
        if (!engine.listenerTrouble().isEmpty()) {
            findings.add(new Finding(Status.CRITICAL, "a direct listener blocked: " + engine.listenerTrouble()));
        }
        findings.sort((a, b) -> b.status().compareTo(a.status()));
        Status status = findings.isEmpty() ? Status.OK : findings.get(0).status();
        return new ClientHealth(
                status, findings.stream().map(Finding::text).toList(), heartbeatHealth(), engine.lastCause());
    }

    private void state(List<Finding> findings) {
        switch (engine.phase()) {
            case READY -> {
                // as it should be
            }
            case EXITED -> findings.add(new Finding(Status.CRITICAL, "exited"));
            case CLOSED -> findings.add(new Finding(Status.CRITICAL, "closed"));
            case GATED ->
                findings.add(new Finding(Status.TEMPORARILY_UNAVAILABLE, "waits for listeners or its plugins"));
            default ->
                findings.add(new Finding(
                        Status.TEMPORARILY_UNAVAILABLE,
                        "not ready: " + engine.phase().state().name().toLowerCase(Locale.ROOT)));
        }
    }

    private void heartbeat(List<Finding> findings) {
        var view = engine.heartbeatView();
        if (view.quarantined()) {
            findings.add(new Finding(Status.WARN, "heartbeat plugin quarantined: " + view.fault()));
        } else if (!view.fault().isEmpty()) {
            findings.add(new Finding(Status.WARN, "heartbeat plugin: " + view.fault()));
        } else if (!view.known()) {
            findings.add(
                    new Finding(Status.WARN, "no heartbeat plugin of type '" + view.type() + "'; ping frames instead"));
        } else if (!view.bound()
                && !engine.options().heartbeatType().isEmpty()
                && !engine.options().heartbeatType().equals(HeartbeatBinding.NONE)) {
            findings.add(new Finding(Status.WARN, "heartbeat plugin left; its last profile is in force"));
        }
    }

    private void exchange(ExchangeSide exchange, List<Finding> findings) {
        if (!exchange.trouble().isEmpty()) {
            findings.add(new Finding(Status.WARN, "exchange plugin: " + exchange.trouble()));
        }
        List<ChannelStatus> bad =
                exchange
                        .channels
                        .status(
                                exchange.takingConnection(),
                                engine.environment().nanoTime())
                        .stream()
                        .filter(c -> c.state() == ChannelStatus.State.REFUSED || c.state() == ChannelStatus.State.STALE)
                        .toList();
        bad.stream()
                .limit(CHANNELS_NAMED)
                .forEach(c ->
                        findings.add(new Finding(Status.WARN, "channel " + Text.shown(c.name()) + ": " + c.reason())));
        if (bad.size() > CHANNELS_NAMED) {
            findings.add(new Finding(
                    Status.WARN, (bad.size() - CHANNELS_NAMED) + " more channels are not as they should be"));
        }
    }

    private HeartbeatHealth heartbeatHealth() {
        var view = engine.heartbeatView();
        long roundTrip = engine.counters.get(Count.ROUND_TRIP);
        long beatAgo = engine.counters.sinceBeat(engine.environment().nanoTime());
        return new HeartbeatHealth(
                view.type(),
                view.bound(),
                view.quarantined(),
                known(beatAgo),
                known(roundTrip),
                view.missed(),
                engine.counters.get(Count.HEARTBEATS));
    }

    private static Optional<Duration> known(long nanos) {
        return nanos < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
    }
}
