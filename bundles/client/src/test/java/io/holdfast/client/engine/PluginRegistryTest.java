// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.engine.PluginRegistry.Plugin;
import io.holdfast.client.sim.VirtualEnvironment;
import org.junit.jupiter.api.Test;

class PluginRegistryTest {
    private final PluginRegistry<String> registry = new PluginRegistry<>(new VirtualEnvironment(1));
    private int told;

    PluginRegistryTest() {
        registry.add("first", "kind", "one", 0);
        registry.add("second", "kind", "two", 0);
        registry.subscribe("kind", new PluginRegistry.Subscriber() {
            @Override
            public void changed() {
                told++;
            }

            @Override
            public void awaitLeft(long deadlineNanos) {
                // nobody is inside
            }
        });
        told = 0;
    }

    private Plugin<String> best(String type) {
        return registry.best(type).orElseThrow();
    }

    @Test
    void anUpdateThatChangesNothingIsNotNoticed() {
        Plugin<String> before = best("kind");
        registry.update("first", "kind", "one", 0);
        assertThat(best("kind")).isSameAs(before);
        assertThat(before.factory()).contains("first");
        assertThat(told).isZero();
    }

    @Test
    void anotherRankingTakesNoPluginAwayThatStaysTheBest() {
        Plugin<String> before = best("kind");
        registry.update("first", "kind", "one", 5);
        assertThat(best("kind")).isSameAs(before);
        assertThat(before.factory()).contains("first");
    }

    @Test
    void anotherRankingMayMakeAnotherTheBest() {
        registry.update("second", "kind", "two", 5);
        assertThat(best("kind").factory()).contains("second");
        assertThat(told).isPositive();
        registry.update("second", "kind", "two", 0);
        assertThat(best("kind").factory()).contains("first");
    }

    @Test
    void anotherTypeIsAnotherPlugin() {
        Plugin<String> before = best("kind");
        registry.update("first", "other", "one", 0);
        assertThat(before.factory()).isEmpty();
        assertThat(best("kind").factory()).contains("second");
        assertThat(best("other").factory()).contains("first");
    }

    @Test
    void oneThatWasNotThereComes() {
        registry.update("third", "kind", "three", 1);
        assertThat(best("kind").factory()).contains("third");
    }
}
