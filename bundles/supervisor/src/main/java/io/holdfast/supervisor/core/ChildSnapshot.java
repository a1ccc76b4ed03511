// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import java.util.List;
import java.util.Objects;

/**
 * A child that was there before this supervisor, as found.
 *
 * @param spec        the child
 * @param incarnation its latest one, 0 if it never was started
 * @param found       what it was doing
 * @param ledger      restarts decided so far, in any order; those outside the window do no harm
 */
public record ChildSnapshot(ChildSpec spec, long incarnation, Found found, List<LedgerEntry> ledger) {

    public ChildSnapshot {
        Objects.requireNonNull(spec, "spec");
        Objects.requireNonNull(found, "found");
        ledger = List.copyOf(ledger);
    }

    /** What an adopted child was doing. */
    public sealed interface Found {}

    /** It runs, and goes on running. */
    public record Running() implements Found {}

    /** It exited while nobody looked. Decided at adoption, counted at the time of the exit. */
    public record Exited(ExitReason reason, long atNanos) implements Found {
        public Exited {
            Objects.requireNonNull(reason, "reason");
        }
    }

    /** Its restart was decided and counted, but not yet made; it is made at {@code dueNanos}, or at once if that has passed. */
    public record Restarting(long dueNanos) implements Found {}

    /** It was given up at that time; a cool-down runs from then. */
    public record GivenUp(ExitReason reason, long sinceNanos) implements Found {
        public GivenUp {
            Objects.requireNonNull(reason, "reason");
        }
    }

    /** Somebody stopped it, or it ended for good: it stays down. */
    public record Stopped() implements Found {}
}
