// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.kit;

import io.holdfast.api.heartbeat.Heartbeat;
import io.holdfast.api.heartbeat.HeartbeatContext;
import io.holdfast.api.heartbeat.HeartbeatFactory;
import io.holdfast.api.options.OptionSet;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/** Plugins of other types that do what no plugin should: the subject's connections must not notice. */
final class FaultyNeighbours implements AutoCloseable {
    static final String THROWING = "throwing";
    static final String HANGING = "hanging";

    private final CountDownLatch over = new CountDownLatch(1);

    HeartbeatFactory throwing() {
        return new Faulty(THROWING, () -> {
            throw new NoClassDefFoundError("on purpose");
        });
    }

    HeartbeatFactory hanging() {
        return new Faulty(HANGING, () -> {
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new IllegalStateException("test over");
        });
    }

    @Override
    public void close() {
        over.countDown();
    }

    private record Faulty(String type, Supplier<Heartbeat> opening) implements HeartbeatFactory {
        @Override
        public OptionSet options() {
            return OptionSet.of();
        }

        @Override
        public Heartbeat open(HeartbeatContext context) {
            return opening.get();
        }
    }
}
