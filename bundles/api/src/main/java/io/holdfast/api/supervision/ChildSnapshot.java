// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.supervision;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A child in one moment: enough for a supervisor that comes back to go on as if it had been there.
 *
 * @param incarnation the highest number used, 0 before the first start
 * @param exit why the last incarnation ended, while it has not been dealt with
 * @param ledger the restarts kept, oldest first
 */
public record ChildSnapshot(
        ChildSpec spec, State state, long incarnation, Optional<ExitReason> exit, List<LedgerEntry> ledger) {

    public enum State {
        /** Never started. */
        CREATED,
        RUNNING,
        /** Ended by itself and not dealt with. */
        EXITED,
        /** Stopped by its user or an operator; stays so until asked for. */
        STOPPED,
        /** Given up by a supervisor; stays so until reset. */
        GIVEN_UP
    }

    public ChildSnapshot {
        Objects.requireNonNull(spec);
        Objects.requireNonNull(state);
        Objects.requireNonNull(exit);
        ledger = List.copyOf(ledger);
    }
}
