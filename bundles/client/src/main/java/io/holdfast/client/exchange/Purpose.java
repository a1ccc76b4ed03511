// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.exchange;

import io.holdfast.api.exchange.Answer;
import io.holdfast.api.exchange.SessionStep;
import java.util.concurrent.CompletableFuture;

/** For whom a call is. */
public sealed interface Purpose {
    /** @param renews whether it renews what an accepted step brought */
    record Step(SessionStep step, boolean renews) implements Purpose {}

    record Channels(Subscriptions.Batch batch) implements Purpose {}

    record Listing() implements Purpose {}

    record User(CompletableFuture<Answer> done) implements Purpose {}
}
