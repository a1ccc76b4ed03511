// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LeaveTest {
    private final AtomicLong now = new AtomicLong(-5);
    private final AtomicBoolean stops = new AtomicBoolean();
    private final AtomicInteger told = new AtomicInteger();
    private final Leave leave = new Leave(now::get, stops::get, told::incrementAndGet);

    @Test
    void eachHasTheWholeTimeWhileTheBundleRuns() {
        assertThat(leave.left()).isEqualTo(Leave.LIMIT_NANOS);
        now.addAndGet(Leave.LIMIT_NANOS);
        assertThat(leave.left()).isEqualTo(Leave.LIMIT_NANOS);
        assertThat(told).hasValue(0);
    }

    @Test
    void allShareOneTimeWhenTheBundleStops() {
        stops.set(true);
        assertThat(leave.left()).isEqualTo(Leave.LIMIT_NANOS);
        now.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(leave.left()).isEqualTo(Leave.LIMIT_NANOS - TimeUnit.SECONDS.toNanos(1));
        now.addAndGet(TimeUnit.SECONDS.toNanos(5));
        assertThat(leave.left()).isNegative();
        assertThat(told).hasValue(1);
    }

    @Test
    void whatIsNotOverInTimeIsLeft() {
        stops.set(true);
        leave.left();
        now.addAndGet(Leave.LIMIT_NANOS);
        leave.await("something that never ends", new CompletableFuture<>());
        leave.await("something that failed", CompletableFuture.failedStage(new IllegalStateException("why")));
        leave.await("something that is over", CompletableFuture.completedStage(null));
        assertThat(told).hasValue(1);
    }
}
