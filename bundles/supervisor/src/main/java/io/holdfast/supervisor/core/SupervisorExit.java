// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

/** How a supervisor ended. */
public sealed interface SupervisorExit {

    /** In OTP's words. */
    ExitReason reason();

    /** It was told to, or its significant children are gone (then: {@code shutdown}). */
    record Ended(ExitReason reason) implements SupervisorExit {}

    /** There were more restarts than allowed; {@code cause} is that of the last, which was not made. */
    record Exceeded(String childId, ExitReason cause) implements SupervisorExit {
        @Override
        public ExitReason reason() {
            return ExitReason.SHUTDOWN;
        }
    }

    /** A child did not start while the supervisor itself was starting; those started before are stopped again. */
    record StartFailed(String childId, String detail) implements SupervisorExit {
        @Override
        public ExitReason reason() {
            return ExitReason.shutdown("failed to start " + childId + ": " + detail);
        }
    }

    /** It was given children it cannot have; nothing was started. */
    record BadSpec(String childId, String detail) implements SupervisorExit {
        @Override
        public ExitReason reason() {
            return ExitReason.crash("bad specification of " + childId + ": " + detail);
        }
    }
}
