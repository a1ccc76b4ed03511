// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.heartbeat.HeartbeatProfile;
import io.holdfast.client.core.ConnectionPolicy;
import io.holdfast.client.core.RotationPolicy;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * @param configured whether a configuration stands behind the client: then a first failure is an outage to sit out, and the
 *     first connect waits for a listener
 */
public record ClientSpec(String id, ClientOptions options, boolean configured) {
    /** The transport keeps connect.total by itself; later than this it is not believed any more. */
    private static final Duration CONNECT_GRACE = Duration.ofSeconds(5);

    int listenersRequired(ClientOptions now) {
        return now.listenersRequired().orElse(configured ? 1 : 0);
    }

    /** Whether an exit before the first connection ends the client. */
    boolean removedOnInitialFailure(ClientOptions now) {
        return now.initialFailure().map(f -> f.equals("remove")).orElse(!configured);
    }

    /** What the machine is told. @param exchangeAge the age at which the exchange wants connections replaced, zero for none */
    ConnectionPolicy policy(ClientOptions now, HeartbeatProfile profile, Duration exchangeAge, boolean everReady) {
        Set<Integer> fatal = new HashSet<>(now.fatalCloseCodes());
        fatal.addAll(profile.fatalCloseCodes());
        // Whoever said how many attempts there are to be, and has no group, wants the end.
        boolean wantsTheEnd = now.supervisorGroup().isEmpty() && now.attemptsGiven();
        boolean sitsOutages = (everReady || !removedOnInitialFailure(now)) && !wantsTheEnd;
        return new ConnectionPolicy(
                now.reconnect(),
                now.connectTotal().plus(CONNECT_GRACE),
                now.closeTimeout(),
                fatal,
                sitsOutages,
                new RotationPolicy(now.rotateAfter().orElse(exchangeAge), now.rotateJitter(), now.rotateDrain()));
    }
}
