// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks.parts;

import io.holdfast.api.client.MessageListener;
import io.holdfast.api.client.OverflowPolicy;
import io.holdfast.client.delivery.Delivery;
import io.holdfast.client.exchange.ConflatedChannels;
import io.holdfast.client.lanes.Environment;
import java.time.Duration;
import java.util.Optional;

/** Deliveries to one listener with the bounds of the default, which nothing goes beyond. */
public final class Deliveries {
    private Deliveries() {}

    public static Delivery to(MessageListener listener, boolean direct, Environment environment) {
        Delivery delivery = new Delivery("c", environment, direct, new ConflatedChannels(), new Undisturbed());
        delivery.add(listener, Optional.empty());
        return delivery;
    }

    private static final class Undisturbed implements Delivery.Owner {
        private final OverflowPolicy policy =
                new OverflowPolicy(OverflowPolicy.Kind.DISCONNECT, 65_536, 1 << 25, Duration.ofSeconds(5));

        @Override
        public OverflowPolicy overflow() {
            return policy;
        }

        @Override
        public Duration blockLimit() {
            return Duration.ofSeconds(1);
        }

        @Override
        public Duration gapMax() {
            return Duration.ZERO;
        }

        @Override
        public void failed(Throwable fault) {
            throw new IllegalStateException(fault);
        }

        @Override
        public void overflowed(String description) {
            throw new IllegalStateException(description);
        }

        @Override
        public void demand(long connection) {
            // reading is not stopped for long: the thread that delivers here goes on anyway
        }

        @Override
        public void listenersChanged(int present) {
            // one, always
        }

        @Override
        public void listenerFault(String plainText) {
            throw new IllegalStateException(plainText);
        }

        @Override
        public void listenerBlocked(String plainText) {
            System.err.println(plainText);
        }
    }
}
