// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import io.holdfast.client.lanes.Environment;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/** A sound environment with other timers. */
abstract class BrokenTimers implements Environment {
    final VirtualEnvironment sound;

    BrokenTimers(VirtualEnvironment sound) {
        this.sound = sound;
    }

    @Override
    public long nanoTime() {
        return sound.nanoTime();
    }

    @Override
    public Instant wallTime() {
        return sound.wallTime();
    }

    @Override
    public RandomGenerator random() {
        return sound.random();
    }

    @Override
    public Executor mailboxes() {
        return sound.mailboxes();
    }

    @Override
    public boolean worksWhereTold() {
        return sound.worksWhereTold();
    }

    @Override
    public Executor plugins() {
        return sound.plugins();
    }

    @Override
    public Executor deliveries() {
        return sound.deliveries();
    }

    @Override
    public Executor publishing() {
        return sound.publishing();
    }
}
