// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.core;

import io.holdfast.api.client.Cause;
import io.holdfast.api.transport.CloseInfo;
import io.holdfast.api.transport.ConnectFailure;
import java.time.Duration;

/** Everything that can happen to a client. What belongs to a connection carries its number. */
public sealed interface Input {
    /** What happens to one connection. */
    sealed interface OfConnection extends Input {
        long connection();
    }

    /** Run a new incarnation. */
    record Start(long incarnation) implements Input {}

    /** End the incarnation in an orderly way, within the limit; zero: at once. It may be started again. */
    record Stop(Duration limit) implements Input {}

    /** End the client. */
    record Close(int code, String reason, Cause cause) implements Input {}

    /** Replace the connection in an orderly way; a delay before the next attempt ends. */
    record Reconnect(Cause cause) implements Input {}

    /**
     * Replace the connection without a break.
     *
     * @param connection the one that is to be replaced; 0: whichever is current
     * @param atOnce whether a pause after a failed try ends
     */
    record Rotate(long connection, Cause cause, boolean atOnce) implements OfConnection {}

    /** The connection that was replaced has nothing left to do. */
    record Drained(long connection) implements OfConnection {}

    /** {@link Reconnect}, and what is under way with the former options begins anew. */
    record Redirect(Cause cause) implements Input {}

    /** Whether the first connect need not wait for listeners or plugins. */
    record Gate(boolean open) implements Input {}

    record PermitGranted(long connection) implements OfConnection {}

    record Opened(long connection) implements OfConnection {}

    record ConnectFailed(long connection, ConnectFailure failure) implements OfConnection {}

    record SetupDone(long connection) implements OfConnection {}

    /** The connection is of no use any more: heartbeat verdict, failed set-up, slow consumer. */
    record Dead(long connection, Cause cause) implements OfConnection {}

    /**
     * The connection, or the attempt, is of no use, and what follows was said with it: the server said that we ask too much, or
     * will not have us; an attempt could not be prepared.
     */
    record Judged(long connection, Judgement judgement, Cause cause, Duration pause) implements OfConnection {}

    /** What follows from {@link Judged}. */
    enum Judgement {
        /** Everybody of the endpoint group waits for {@code pause}; zero for the back-off's maximum. */
        WAIT,
        REFUSED,
        /** As if it was lost. */
        RETRY
    }

    /** The first data on this connection may come after this. */
    record DataBegins(long connection) implements OfConnection {}

    record Closed(long connection, CloseInfo info) implements OfConnection {}

    record TimerFired(TimerKind kind, long token) implements Input {}

    /** Options changed; used from the next decision on. */
    record PolicyChanged(ConnectionPolicy policy) implements Input {}

    /** Whether somebody stands ready to restart the client after an exit. */
    record Owned(boolean owned) implements Input {}

    /** The engine itself failed while it carried out an order. */
    record Crash(String description) implements Input {}
}
