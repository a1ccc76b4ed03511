// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.exchange;

import io.holdfast.simulator.SimulatorOptions;
import io.holdfast.simulator.internal.data.Feeds;
import io.holdfast.simulator.internal.fault.FaultRules;
import io.holdfast.simulator.internal.net.Loop;
import java.util.Random;

/** What every script shares. */
public record Scene(
        Loop loop, SimulatorOptions options, Feeds feeds, FaultRules faults, Replays replays, Random random) {

    /** Nanoseconds of so many of the exchanges' seconds. */
    long units(double seconds) {
        return (long) (options.heartbeatUnit().toNanos() * seconds);
    }

    /** A number drawn evenly from the span. */
    double between(double low, double high) {
        return low + random.nextDouble() * (high - low);
    }
}
