// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.osgi;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When the framework stops, stops all groups before the first bundle: at the same time, each its children by rule, all within the
 * longest {@code stop.limit}. Without it bundles would stop in the order of their start levels, in the middle of supervised trees.
 */
final class ContainerStop implements SynchronousBundleListener {
    /** For the ends by force, which the limits do not include. */
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Logger logger = LoggerFactory.getLogger(ContainerStop.class);
    private final Supplier<Collection<GroupHome>> homes;

    ContainerStop(Supplier<Collection<GroupHome>> homes) {
        this.homes = homes;
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        if (event.getType() == BundleEvent.STOPPING && event.getBundle().getBundleId() == 0) {
            stopAll();
        }
    }

    private void stopAll() {
        long begun = System.nanoTime();
        long limit = 0;
        List<CompletableFuture<?>> ends = new ArrayList<>();
        for (GroupHome home : homes.get()) {
            limit = Math.max(limit, home.stopLimitNanos());
            ends.add(home.stop().toCompletableFuture());
        }
        if (ends.isEmpty()) {
            return;
        }
        try {
            CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
                    .get(limit + GRACE_NANOS, TimeUnit.NANOSECONDS);
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
            logger.info("The container stops: {} groups have stopped after {} ms", ends.size(), millis);
        } catch (TimeoutException e) {
            logger.error("The container stops: not all groups have stopped in time, it goes on without them");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | CompletionException e) {
            logger.error("The container stops: a group could not be stopped: {}", e.getMessage());
        }
    }
}
