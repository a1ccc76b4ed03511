// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.sim.VirtualEnvironment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceSwitchTest {
    private final VirtualEnvironment environment = new VirtualEnvironment(1);
    private final List<String> registry = new ArrayList<>();
    private final ServiceSwitch service = new ServiceSwitch("test", environment, this::register);
    private boolean registryFails;

    private ServiceSwitch.Entry register(Map<String, Object> properties) {
        if (registryFails) {
            throw new IllegalStateException("bundle stopped");
        }
        registry.add("register " + properties);
        return new ServiceSwitch.Entry() {
            @Override
            public void change(Map<String, Object> changed) {
                registry.add("change " + changed);
            }

            @Override
            public void remove() {
                registry.add("remove");
            }
        };
    }

    @Test
    void nothingHappensInTheCallersThread() {
        service.on(Map.of("a", 1));
        assertThat(registry).isEmpty();
        environment.runUntilIdle();
        assertThat(registry).containsExactly("register {a=1}");
    }

    @Test
    void onlyTheLastWordCounts() {
        service.on(Map.of("a", 1));
        service.off();
        service.on(Map.of("a", 2));
        environment.runUntilIdle();
        service.off();
        service.on(Map.of("a", 2));
        environment.runUntilIdle();
        assertThat(registry).containsExactly("register {a=2}");
    }

    @Test
    void changedPropertiesKeepTheRegistration() {
        service.on(Map.of("uri", "ws://a"));
        environment.runUntilIdle();
        service.on(Map.of("uri", "ws://b"));
        environment.runUntilIdle();
        assertThat(registry).containsExactly("register {uri=ws://a}", "change {uri=ws://b}");
    }

    @Test
    void whatIsGoneStaysGone() {
        service.on(Map.of());
        environment.runUntilIdle();
        CompletionStage<Void> gone = service.gone();
        service.on(Map.of("late", 1));
        environment.runUntilIdle();
        assertThat(registry).containsExactly("register {}", "remove");
        assertThat(gone.toCompletableFuture()).isCompleted();
    }

    @Test
    void aStoppedBundleIsNoFault() {
        registryFails = true;
        service.on(Map.of());
        environment.runUntilIdle();
        registryFails = false;
        service.off();
        environment.runUntilIdle();
        assertThat(registry).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aConditionEndsAsTheStateDoesWhateverTheOrder(long seed) {
        VirtualEnvironment world = new VirtualEnvironment(seed);
        List<Boolean> there = new ArrayList<>(List.of(false));
        ServiceSwitch up = new ServiceSwitch("up", world, properties -> {
            assertThat(there).last().isEqualTo(false);
            there.add(true);
            return new ServiceSwitch.Entry() {
                @Override
                public void change(Map<String, Object> changed) {
                    throw new AssertionError("the properties never change");
                }

                @Override
                public void remove() {
                    there.add(false);
                }
            };
        });
        boolean state = false;
        for (int i = 0; i < 200; i++) {
            state = world.random().nextBoolean();
            if (state) {
                up.on(Map.of());
            } else {
                up.off();
            }
            if (world.random().nextInt(3) == 0) {
                world.runFor(Duration.ofMillis(1));
            }
        }
        world.runUntilIdle();
        assertThat(there).last().isEqualTo(state);
    }
}
