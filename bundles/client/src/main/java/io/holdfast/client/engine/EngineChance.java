// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.client.core.Chance;
import java.time.Instant;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** The real chance and wall clock, and the endpoint group's tokens. */
final class EngineChance implements Chance {
    private final EngineServices services;
    private final Supplier<String> host;

    EngineChance(EngineServices services, Supplier<String> host) {
        this.services = services;
        this.host = host;
    }

    @Override
    public RandomGenerator random() {
        return services.environment().random();
    }

    @Override
    public boolean takeBurst() {
        return services.endpoints().takeBurst(host.get());
    }

    @Override
    public Instant wallTime() {
        return services.environment().wallTime();
    }
}
