// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.core;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ConnectionEvent;
import io.holdfast.api.supervision.ExitReason;
import java.time.Duration;
import java.util.Optional;

/** What is to be done; executed in order. */
public sealed interface Output {
    record RequestPermit(long connection, boolean wasStable) implements Output {}

    record CancelPermit() implements Output {}

    /** @param beside whether the current connection stays meanwhile */
    record Connect(long connection, boolean beside) implements Output {}

    /** The attempt or connection has ended and no longer counts in the endpoint group. */
    record ReleasePermit() implements Output {}

    record BeginSetup(long connection) implements Output {}

    record CloseHandshake(long connection, int code, String reason) implements Output {}

    record Abort(long connection) implements Output {}

    record Arm(TimerKind kind, long token, Duration delay) implements Output {}

    record Disarm(TimerKind kind) implements Output {}

    /** @param connection the one it is about, which is not always the current one any more when it is carried out */
    record Publish(ConnectionEvent.Type type, long connection, Optional<Cause> cause, Duration delay, int attempt)
            implements Output {}

    /** Messages of this connection end here. */
    record Interrupted(long connection, Cause cause) implements Output {}

    /** Messages go on. */
    record Resumed(long connection, Duration span) implements Output {}

    /** The connection that was set up beside the current one takes its place; the old one takes nothing new. */
    record TakeOver(long connection, long old) implements Output {}

    /** The current connection has ended; the one that was being made beside it takes its place, as far as it is. */
    record Inherit(long connection) implements Output {}

    /** The connection beside the current one is over. */
    record Retired(long connection) implements Output {}

    /** Every client of the endpoint group waits. */
    record Ban(Duration length, Cause cause) implements Output {}

    /** The incarnation ended by itself. */
    record Exited(ExitReason reason, Cause cause, int attempts) implements Output {}

    /** The incarnation was stopped by order. */
    record Stopped() implements Output {}

    /** The client has ended. */
    record Ended(Cause cause) implements Output {}

    /** The input came from a connection that is not current. */
    record Stale() implements Output {}
}
