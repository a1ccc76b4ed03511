// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.osgi;

import io.holdfast.client.lanes.Environment;
import io.holdfast.client.lanes.Environment.Cancellable;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Follows a state at once when it begins and only after a while when it ends, so that a short break is not seen. */
final class Lingering {
    private final Environment environment;
    private final Supplier<Duration> linger;
    private final Consumer<Boolean> told;

    /** Guards the fields below; held while {@link #told} is called, which only posts, so that the last word is told last. */
    private final Object lock = new Object();

    private Cancellable timer = () -> {};
    private long changes;
    private boolean on;

    /**
     * @param linger asked for at each end
     * @param told of each change; must only post
     */
    Lingering(Environment environment, Supplier<Duration> linger, Consumer<Boolean> told) {
        this.environment = environment;
        this.linger = linger;
        this.told = told;
    }

    void set(boolean state) {
        synchronized (lock) {
            timer.cancel();
            long change = ++changes;
            if (state) {
                tell(true);
            } else if (on) {
                timer = environment.schedule(linger.get().toNanos(), () -> over(change));
            }
        }
    }

    /** Off now, without lingering. */
    void end() {
        synchronized (lock) {
            timer.cancel();
            changes++;
            tell(false);
        }
    }

    boolean on() {
        synchronized (lock) {
            return on;
        }
    }

    private void over(long change) {
        synchronized (lock) {
            // A timer may fire although it was called off.
            if (change == changes) {
                tell(false);
            }
        }
    }

    private void tell(boolean state) {
        if (on != state) {
            on = state;
            told.accept(state);
        }
    }
}
