// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.demo;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ReconnectPolicy;
import java.time.Duration;

/**
 * How long a client may take for each thing the script does to it, computed from its configuration and nothing else. Pure.
 *
 * <p>What no option limits (threads being scheduled, a healthy server on loopback answering) must fit into one stated
 * {@linkplain #allowance allowance} each time the client and the server have to exchange something. Measured speed is no part of any
 * bound.
 *
 * @param policy the reconnect options in force
 * @param heartbeat the limits of the client's heartbeat
 * @param writeTimeout option {@code write.timeout}
 * @param pluginLimit option {@code plugin.limit}
 * @param allowance for scheduling, once for each exchange
 */
record Bounds(
        ReconnectPolicy policy,
        HeartbeatLimits heartbeat,
        Duration writeTimeout,
        Duration pluginLimit,
        Duration allowance) {

    static Bounds of(ClientOptions options, HeartbeatLimits heartbeat, Duration allowance) {
        return new Bounds(options.reconnect(), heartbeat, options.writeTimeout(), options.pluginLimit(), allowance);
    }

    // -- until the loss is noticed

    /** A reset, an end of the stream, a close frame: the system tells at once. */
    Duration told() {
        return allowance;
    }

    /** Nothing comes any more: the last frame came before the fault, so at most the silence limit is left. */
    Duration silent() {
        return heartbeat.silence().plus(allowance);
    }

    /** Data comes, but no heartbeat: the last one came before the fault, or a moment after it. */
    Duration beatless() {
        return heartbeat.serverBeat().plus(allowance);
    }

    /** Nothing can be written: one allowance to fill the buffers of both systems, then the frame that is stuck has its time. */
    Duration stuck() {
        return writeTimeout.plus(allowance.multipliedBy(2));
    }

    // -- from there until the first data of a new connection

    /**
     * After a stable connection: at once, or when no burst token is left within the initial back-off, and never before the floor has
     * passed since the last attempt; then one exchange with a healthy server.
     */
    Duration back() {
        return longer(policy.initial(), policy.floor()).plus(allowance);
    }

    /** After a failed attempt: the back-off has grown to its maximum at worst. */
    Duration retry() {
        return longer(policy.maximum(), policy.floor()).plus(allowance);
    }

    /** So many attempts succeed and are closed at once; each is a failure of its own. */
    Duration backAfter(int failures) {
        return back().plus(retry().multipliedBy(failures));
    }

    /**
     * The endpoint refuses for a time. An attempt that failed at the last moment is followed by one back-off; if it was the last of an
     * incarnation, a supervisor without restart delay changes nothing, as the back-off belongs to the client.
     */
    Duration backAfter(Duration refused) {
        return refused.plus(retry());
    }

    // -- supervision

    /**
     * A client that cannot connect is given up at the exit that exceeds the intensity; each incarnation makes its attempts, and each
     * of them waits for a back-off.
     */
    Duration givenUp(int intensity, Duration restartDelay) {
        Duration incarnation = retry().multipliedBy(policy.attempts()).plus(restartDelay);
        return told().plus(incarnation.multipliedBy(intensity + 1L));
    }

    // -- bundles

    /** The framework starts a plugin's bundle, and its code is asked for a profile. */
    Duration bound() {
        return pluginLimit.plus(allowance);
    }

    /** The framework starts the supervisor's bundle, and the group adopts its children. */
    Duration adopted() {
        return allowance;
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
