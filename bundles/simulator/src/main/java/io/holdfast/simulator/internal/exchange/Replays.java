// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.exchange;

import io.holdfast.simulator.internal.net.Connection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Recordings that take the place of the numbered data on a path. Loop thread only. */
public final class Replays {

    private record Plan(Supplier<Iterator<String>> frames, double perSecond, CompletableFuture<Long> first) {}

    private final Map<String, Plan> plans = new LinkedHashMap<>();

    public void put(String path, Supplier<Iterator<String>> frames, double perSecond, CompletableFuture<Long> first) {
        plans.put(path, new Plan(frames, perSecond, first));
    }

    boolean covers(Connection connection) {
        return plan(connection) != null;
    }

    void start(Connection connection) {
        Plan plan = plan(connection);
        connection.session().play(plan.frames.get(), plan.perSecond).whenComplete((count, failure) -> {
            if (failure != null) {
                plan.first.completeExceptionally(failure);
            } else {
                plan.first.complete(count);
            }
        });
    }

    private Plan plan(Connection connection) {
        return plans.entrySet().stream()
                .filter(e -> connection.path().startsWith(e.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }
}
