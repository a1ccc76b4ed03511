// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LaneTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    @Test
    void keepsTheOrderWhateverATaskThrows() throws InterruptedException {
        Lane lane = new Lane("test", threads);
        List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch all = new CountDownLatch(1);
        for (int i = 0; i < 1_000; i++) {
            int number = i;
            lane.execute(() -> {
                seen.add(number);
                if (number % 100 == 7) {
                    throw new NoClassDefFoundError("foreign");
                }
            });
        }
        lane.execute(all::countDown);
        assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(seen)
                .containsExactlyElementsOf(IntStream.range(0, 1_000).boxed().toList());
    }

    @Test
    void aLaneThatIsStuckStopsNoOther() throws InterruptedException {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch other = new CountDownLatch(1);
        new Lane("stuck", threads).execute(() -> {
            try {
                stuck.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        new Lane("other", threads).execute(other::countDown);
        assertThat(other.await(30, TimeUnit.SECONDS)).isTrue();
        stuck.countDown();
    }

    @Test
    void dropsWhatComesAfterTheEndOfItsThreads() {
        threads.shutdown();
        List<String> ran = new ArrayList<>();
        Lane lane = new Lane("test", threads);
        lane.execute(() -> ran.add("one"));
        lane.execute(() -> ran.add("two"));
        assertThat(ran).isEmpty();
    }
}
