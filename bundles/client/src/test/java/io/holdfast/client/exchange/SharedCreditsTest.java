// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.exchange.Call;
import io.holdfast.api.exchange.Cost;
import io.holdfast.api.exchange.ExchangeProfile;
import io.holdfast.api.exchange.ExchangeProfile.Acknowledgement;
import io.holdfast.api.exchange.ExchangeProfile.Envelope;
import io.holdfast.api.exchange.Limit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SharedCreditsTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final SharedCredits shared = new SharedCredits();

    private static ExchangeProfile profile(Duration retry) {
        return new ExchangeProfile(
                "x",
                new Envelope("{\"id\":\"${id}\",\"method\":\"${method}\"${params}}", ",\"params\":", false),
                List.of(),
                Optional.empty(),
                Acknowledgement.ALL,
                10,
                10_000,
                List.of(new Limit("calls", 10, 1)),
                List.of(new Cost("*", "calls", 1)),
                retry);
    }

    private Credits join(String group) {
        return shared.join(group, profile(Duration.ofSeconds(1)), 0);
    }

    @Test
    void clientsOfAGroupUseOneBucketAndOthersDoNot() {
        Credits a = join("g");
        Credits b = shared.join("g", profile(Duration.ofSeconds(7)), 0);
        Credits other = join("h");
        assertThat(a).isSameAs(b);
        Map<String, Long> six = Map.of("calls", 6L);
        assertThat(a.take(six, 0)).isTrue();
        assertThat(b.take(six, 0)).isFalse();
        assertThat(other.take(six, 0)).isTrue();
        assertThat(b.take(six, 2 * SECOND)).as("two have come back").isTrue();
    }

    @Test
    void whatWasUsedIsNotForgottenWithTheLastClient() {
        Credits a = join("g");
        assertThat(a.take(Map.of("calls", 10L), 0)).isTrue();
        shared.leave(a, 0);
        assertThat(shared.size()).isEqualTo(1);
        Credits again = join("g");
        assertThat(again.take(Map.of("calls", 1L), 0)).isFalse();
        shared.leave(again, 0);
        shared.leave(join("other"), 20 * SECOND);
        assertThat(shared.size()).as("full again, and nobody's").isZero();
    }

    @Test
    void callsOfTwoClientsAreQueuedDelayedOrRejectedByTheirPatience() {
        Calls<String> one = new Calls<>(join("g"));
        Calls<String> two = new Calls<>(join("g"));
        for (int i = 0; i < 10; i++) {
            assertThat(one.add(new Calls.Entry<>("a" + i, Call.of("m", ""), ""), false, 0))
                    .isTrue();
        }
        assertThat(one.due(0)).hasSize(10);
        two.add(new Calls.Entry<>("rejected", Call.of("m", "").waiting(Duration.ZERO), ""), false, 0);
        two.add(new Calls.Entry<>("delayed", Call.of("m", "").waiting(Duration.ofSeconds(3)), ""), false, 0);
        two.add(new Calls.Entry<>("queued", Call.of("m", ""), ""), false, 0);
        assertThat(two.due(0)).isEmpty();
        assertThat(two.impatient(0)).extracting(Calls.Entry::id).containsExactly("rejected");
        assertThat(two.due(SECOND + 2)).extracting(Calls.Entry::id).containsExactly("delayed");
        assertThat(one.add(new Calls.Entry<>("b", Call.of("m", ""), ""), false, SECOND + 2))
                .isTrue();
        assertThat(one.due(2 * SECOND + 4)).extracting(Calls.Entry::id).containsExactly("b");
        assertThat(two.due(2 * SECOND + 4)).isEmpty();
        assertThat(two.due(3 * SECOND + 6)).extracting(Calls.Entry::id).containsExactly("queued");
    }

    @Test
    void threadsNeverTakeMoreThanThereIs() throws Exception {
        Credits credits = join("g");
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Integer>> takers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                takers.add(() -> {
                    int taken = 0;
                    for (int j = 0; j < 1_000; j++) {
                        taken += credits.take(Map.of("calls", 1L), 0) ? 1 : 0;
                    }
                    return taken;
                });
            }
            int sum = 0;
            for (Future<Integer> taken : threads.invokeAll(takers)) {
                sum += taken.get(30, TimeUnit.SECONDS);
            }
            assertThat(sum).isEqualTo(10);
        } finally {
            threads.shutdownNow();
        }
    }
}
