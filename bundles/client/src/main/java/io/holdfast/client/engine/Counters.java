// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** A client's figures that outlive its connections; written from several threads. */
final class Counters {
    final AtomicLong attempts = new AtomicLong();
    final AtomicLong opens = new AtomicLong();
    final AtomicLong losses = new AtomicLong();
    final AtomicLong rotations = new AtomicLong();
    final LongAdder messagesOut = new LongAdder();
    final AtomicLong heartbeats = new AtomicLong();
    final AtomicLong stale = new AtomicLong();
    final AtomicInteger hungPluginCalls = new AtomicInteger();

    /** Nanoseconds of the last answered heartbeat, negative before the first. */
    final AtomicLong roundTrip = new AtomicLong(-1);
}
