// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import java.util.Objects;

/** What came of a start order. */
public sealed interface StartOutcome {

    /** Accepted: the child runs. No statement about what it achieves. */
    record Started() implements StartOutcome {}

    /** The child has nothing to do and does not want to run; no failure. */
    record Ignored() implements StartOutcome {}

    /** Not started. */
    record Failed(String detail) implements StartOutcome {
        public Failed {
            Objects.requireNonNull(detail, "detail");
        }
    }

    StartOutcome STARTED = new Started();
    StartOutcome IGNORED = new Ignored();

    static StartOutcome failed(String detail) {
        return new Failed(detail);
    }
}
