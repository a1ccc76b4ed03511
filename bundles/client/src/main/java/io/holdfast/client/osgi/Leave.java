// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.osgi;

import io.holdfast.client.engine.Text;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long components that go wait for what they leave behind: each a while, and all together no longer than that when the
 * whole bundle stops, as the container deactivates them one after another.
 */
final class Leave {
    /** Well below the 5 s after which SCR gives a bundle up. */
    static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Logger logger = LoggerFactory.getLogger(Leave.class);
    private final LongSupplier clock;
    private final BooleanSupplier bundleStops;
    private final Runnable atStop;

    /** Guards the fields below; held for a few instructions. */
    private final Object lock = new Object();

    private boolean stopping;
    private long deadline;

    /**
     * @param clock monotonic nanoseconds
     * @param bundleStops whether the bundle or the framework is stopping
     * @param atStop called once when it is first seen to stop, so that everything ends at the same time
     */
    Leave(LongSupplier clock, BooleanSupplier bundleStops, Runnable atStop) {
        this.clock = clock;
        this.bundleStops = bundleStops;
        this.atStop = atStop;
    }

    /** Waits for the stage, within what is left of the time. */
    void await(String what, CompletionStage<?> end) {
        try {
            end.toCompletableFuture().get(Math.max(0, left()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            logger.warn("{} is not over yet; it is cut off, or goes on in the background", what);
        } catch (ExecutionException e) {
            logger.warn("{}: {}", what, Text.of(e.getCause()));
        }
    }

    /** Nanoseconds left for whoever goes now. */
    long left() {
        if (!bundleStops.getAsBoolean()) {
            return LIMIT_NANOS;
        }
        boolean first;
        long until;
        synchronized (lock) {
            first = !stopping;
            if (first) {
                stopping = true;
                deadline = clock.getAsLong() + LIMIT_NANOS;
            }
            until = deadline;
        }
        if (first) {
            atStop.run();
        }
        return until - clock.getAsLong();
    }
}
