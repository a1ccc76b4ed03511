// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.client;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * One step in a client's life, as plain data.
 *
 * @param number counts the client's events from 1, without gaps
 * @param incarnation the incarnation it belongs to; numbers grow, and are never used twice
 * @param connection the connection it belongs to, from 1; 0 before the first
 * @param delay time until the next attempt, for {@link Type#RECONNECTING} and {@link
 *     Type#ROTATION_FAILED}
 * @param attempt number of the attempt since the last stable connection, from 1
 */
public record ConnectionEvent(
        String clientId,
        long number,
        long incarnation,
        long connection,
        Type type,
        Optional<Cause> cause,
        Duration delay,
        int attempt,
        Instant at) {

    public enum Type {
        STARTED,
        CONNECTING,
        /** The upgrade succeeded. */
        CONNECTED,
        /** All set-up steps are acknowledged. */
        READY,
        /** An attempt failed. */
        CONNECT_FAILED,
        /** An open connection ended. */
        LOST,
        RECONNECTING,
        /** Another connection is being made beside the one in use, which goes on; the event's number is the new one's. */
        ROTATING,
        /** The new connection has taken over; the old one finishes what was asked on it. */
        ROTATED,
        /** The new connection came to nothing: the one in use stays, the next try follows after the delay. */
        ROTATION_FAILED,
        /** The connection that was replaced has ended. */
        DRAINED,
        /** The heartbeat is executed by a remembered profile, or by none. */
        DEGRADED,
        /** A heartbeat plugin was bound; the cause's message names it. */
        HEARTBEAT_BOUND,
        /** A heartbeat plugin made a fault or is quarantined. */
        HEARTBEAT_FAULT,
        /** The incarnation ended by itself; a supervisor decides what follows. */
        EXITED,
        /** A supervisor will not restart the client any more. */
        GIVEN_UP,
        /** Runs without the supervisor it names. */
        UNSUPERVISED,
        /** A supervisor owns it. */
        SUPERVISED,
        /** Ended on purpose. */
        CLOSED
    }

    public ConnectionEvent {
        Objects.requireNonNull(clientId);
        Objects.requireNonNull(type);
        Objects.requireNonNull(cause);
        Objects.requireNonNull(delay);
        Objects.requireNonNull(at);
    }
}
