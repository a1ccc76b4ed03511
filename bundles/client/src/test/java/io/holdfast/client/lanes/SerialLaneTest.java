// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SerialLaneTest {
    private final Deque<Runnable> handedOver = new ArrayDeque<>();
    private final List<String> log = new ArrayList<>();
    private final SerialLane lane = new SerialLane(handedOver::add, fault -> log.add("fault " + fault.getMessage()));

    private void runHandedOver() {
        while (!handedOver.isEmpty()) {
            handedOver.remove().run();
        }
    }

    @Test
    void anIdleLaneWorksWhereItIsTold() {
        lane.executeHere(() -> log.add("here"));
        assertThat(log).containsExactly("here");
        assertThat(handedOver).isEmpty();
    }

    @Test
    void whatIsPostedMeanwhileFollowsAndNothingIsNested() {
        lane.executeHere(() -> {
            lane.execute(() -> log.add("second"));
            lane.executeHere(() -> log.add("third"));
            log.add("first");
        });
        assertThat(log).containsExactly("first", "second", "third");
        assertThat(handedOver).isEmpty();
    }

    @Test
    void aLaneWithWorkIsNotOvertaken() {
        lane.execute(() -> log.add("first"));
        lane.executeHere(() -> log.add("second"));
        assertThat(log).isEmpty();
        runHandedOver();
        assertThat(log).containsExactly("first", "second");
        lane.executeHere(() -> log.add("third"));
        assertThat(log).containsExactly("first", "second", "third");
    }

    @Test
    void aFaultStopsNeitherTheCallerNorTheLane() {
        lane.executeHere(() -> {
            lane.execute(() -> log.add("next"));
            throw new IllegalStateException("first");
        });
        assertThat(log).containsExactly("fault first", "next");
    }

    @Test
    void anErrorReachesTheCallerAndTheLaneGoesOn() {
        assertThatThrownBy(() -> lane.executeHere(() -> {
                    lane.execute(() -> log.add("next"));
                    throw new AssertionError("first");
                }))
                .isInstanceOf(AssertionError.class);
        runHandedOver();
        assertThat(log).containsExactly("fault first", "next");
    }

    @Test
    void theCallerIsKeptForABatchAndNoLonger() {
        lane.executeHere(() -> IntStream.range(0, 1000).forEach(i -> lane.execute(() -> log.add("" + i))));
        assertThat(log).hasSizeLessThan(100);
        assertThat(handedOver).hasSize(1);
        runHandedOver();
        assertThat(log).isEqualTo(IntStream.range(0, 1000).mapToObj(i -> "" + i).toList());
    }

    @Test
    void whoeverWaitsIsToldThatThereIsNoThreadAnyMore() {
        List<SerialLane> self = new ArrayList<>();
        self.add(new SerialLane(
                task -> {
                    self.get(0).execute(() -> log.add("never"), () -> log.add("second instead"));
                    throw new RejectedExecutionException("ended");
                },
                fault -> log.add("fault " + fault.getMessage())));
        self.get(0).execute(() -> log.add("never"), () -> {
            throw new IllegalStateException("first instead");
        });
        assertThat(log).containsExactly("fault first instead", "second instead");
        self.get(0).executeHere(() -> log.add("here"));
        assertThat(log).endsWith("here");
    }

    @Test
    void whatWasPostedBeforeTheEndRuns() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        SerialLane ending = new SerialLane(pool, fault -> log.add("fault " + fault.getMessage()));
        ending.execute(() -> {
            IntStream.range(0, 1000).forEach(i -> ending.execute(() -> log.add("" + i), () -> log.add("instead")));
            pool.shutdown();
        });
        assertThat(pool.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        assertThat(log).isEqualTo(IntStream.range(0, 1000).mapToObj(i -> "" + i).toList());
    }

    @Test
    void manyThreadsTellAndPostAndEachTaskRunsOnceAndAlone() throws Exception {
        int each = 20_000;
        int threads = 4;
        ExecutorService pool = Executors.newFixedThreadPool(threads + 2);
        try {
            SerialLane shared = new SerialLane(pool, fault -> log.add("fault " + fault));
            List<int[]> ran = new ArrayList<>();
            CountDownLatch left = new CountDownLatch(threads * each);
            for (int t = 0; t < threads; t++) {
                int thread = t;
                pool.execute(() -> {
                    for (int i = 0; i < each; i++) {
                        int number = i;
                        // Neither list is guarded: the lane is what keeps them in order.
                        Runnable task = () -> {
                            ran.add(new int[] {thread, number});
                            left.countDown();
                        };
                        if ((i & 1) == 0) {
                            shared.executeHere(task);
                        } else {
                            shared.execute(task);
                        }
                    }
                });
            }
            assertThat(left.await(60, TimeUnit.SECONDS)).isTrue();
            for (int t = 0; t < threads; t++) {
                int thread = t;
                assertThat(ran.stream()
                                .filter(r -> r[0] == thread)
                                .mapToInt(r -> r[1])
                                .toArray())
                        .containsExactly(IntStream.range(0, each).toArray());
            }
            assertThat(log).isEmpty();
        } finally {
            pool.shutdownNow();
        }
    }
}
