// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.supervision;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One group, in OTP's words; a service of the supervisor bundle with the property {@link Child#GROUP}. It supervises
 * anything that is a {@link Child}. Calls queue behind what the group is doing and never block the caller.
 */
@ProviderType
public interface Supervisor {
    /** The group's name. */
    String group();

    /** Takes a child that is not a service of its own and starts it. */
    CompletionStage<Reply> startChild(Child child);

    /** Stops a child; it stays known and stopped. */
    CompletionStage<Reply> terminateChild(String id);

    /** Starts a stopped or given-up child again. */
    CompletionStage<Reply> restartChild(String id);

    /** Forgets a stopped child. */
    CompletionStage<Reply> deleteChild(String id);

    /** Empties a child's ledger and starts it if it was given up. */
    CompletionStage<Reply> reset(String id);

    /** Children in start order. */
    CompletionStage<List<ChildStatus>> whichChildren();

    CompletionStage<Counts> countChildren();

    /** The group in one moment, without waiting for its mailbox. */
    GroupStatus status();

    /** OTP's replies. */
    enum Reply {
        OK,
        NOT_FOUND,
        RUNNING,
        RESTARTING,
        ALREADY_STARTED,
        ALREADY_PRESENT,
        START_FAILED,
        /** A dynamic group has as many children as it may have. */
        MAX_CHILDREN,
        /** A significant child that is permanent, or whose group never shuts down by itself. */
        BAD_COMBINATION,
        /** The group's strategy has no such call. */
        NOT_SUPPORTED,
        /** The child belongs to another supervisor. */
        OWNED,
        /** The supervisor has ended. */
        NOPROC
    }

    /**
     * @param restarts restarts within the period now
     * @param cause why it was last restarted, stopped or given up; empty if never
     */
    record ChildStatus(String id, State state, long incarnation, int restarts, String cause) {
        public enum State {
            RUNNING,
            RESTARTING,
            STOPPED,
            GIVEN_UP
        }
    }

    /** As {@code count_children}: known, running. */
    record Counts(int specs, int active) {}

    /**
     * @param alive whether it supervises: it does not before its parent starts it, nor after it has ended
     * @param parent the group it is a child of, empty if it stands alone
     * @param cause why it is not alive; empty while it is
     * @param children in start order
     * @param changeCount grows with every change
     */
    record GroupStatus(
            String group,
            boolean alive,
            String parent,
            String cause,
            int intensity,
            long periodMillis,
            List<ChildStatus> children,
            long changeCount) {
        public GroupStatus {
            children = List.copyOf(children);
        }
    }
}
