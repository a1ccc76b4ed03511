// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.core;

import java.time.Instant;
import java.util.random.RandomGenerator;

/** What the machine asks instead of having a clock, chance or shared state of its own. */
public interface Chance {
    RandomGenerator random();

    /** Takes one of the endpoint group's tokens for an attempt without delay. */
    boolean takeBurst();

    /** Only to understand dates sent by servers. */
    Instant wallTime();
}
