// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A fault that was played.
 *
 * @param kind its name, that of the method that caused it
 * @param nanos {@link System#nanoTime()} at which it took effect: bounds of detection and recovery are measured from here
 * @param at the same on the wall clock
 * @param connections numbers of the open connections it hit, ascending
 * @param done completed when nothing of it is left to be written (at once for most faults)
 */
public record Fault(String kind, long nanos, Instant at, List<Integer> connections, CompletableFuture<Void> done) {

    public Fault {
        connections = List.copyOf(connections);
    }

    @Override
    public String toString() {
        return kind + " on " + connections;
    }
}
