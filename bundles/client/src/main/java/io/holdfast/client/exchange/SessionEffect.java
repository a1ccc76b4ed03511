// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.exchange;

import io.holdfast.api.client.Cause;
import io.holdfast.api.exchange.Answer;
import io.holdfast.api.exchange.CallFailedException.Outcome;
import io.holdfast.api.exchange.Failure;
import io.holdfast.api.exchange.SessionStep;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** What is to be done for a session; executed in order. */
public sealed interface SessionEffect {
    /** @param secret whether the text holds credentials */
    record Send(String id, String text, boolean secret) implements SessionEffect {
        /** Without the text, which may hold a secret. */
        @Override
        public String toString() {
            return "Send[" + id + "]";
        }
    }

    /** The heartbeat's turn. */
    record Greeted() implements SessionEffect {}

    /** Ask the protocol for the steps of this connection again. */
    record AskSteps() implements SessionEffect {}

    /** Ask the protocol whether what the step brought must be renewed. */
    record AskRenewal(SessionStep step, Answer answer) implements SessionEffect {}

    /** Ask the protocol for the call that asks for channels, or gives them back. */
    record AskChannels(Subscriptions.Batch batch) implements SessionEffect {}

    /** Data may come after this. */
    record DataBegins() implements SessionEffect {}

    record Ready() implements SessionEffect {}

    record Answered(CompletableFuture<Answer> call, Answer answer) implements SessionEffect {}

    /** @param failure null if the server gave none */
    record Failed(
            CompletableFuture<Answer> call, String id, String method, Outcome outcome, String message, Failure failure)
            implements SessionEffect {}

    /** The numbering of the channel begins anew. */
    record BeginAnew(String channel) implements SessionEffect {}

    record Alarm(String text) implements SessionEffect {}

    /** The connection is of no use any more. */
    record End(How how, Cause cause, Duration pause) implements SessionEffect {
        public enum How {
            RETRY,
            /** Everybody of the endpoint group waits. */
            WAIT,
            /** For good. */
            REFUSED,
            /** A new connection takes over without a break. */
            ROTATE,
            /** An orderly reconnect. */
            REPLACE
        }
    }
}
