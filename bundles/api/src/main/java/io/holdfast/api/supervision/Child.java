// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.supervision;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Anything that can be supervised. In OSGi a service with the properties {@link #ID}, {@link #GROUP} and optionally
 * {@link #ORDER}. All methods return at once and may be called from any thread.
 */
@ConsumerType
public interface Child {
    /** Service property: the child's id, unique within its group. */
    String ID = "child.id";

    /** Service property: the group the child wants to be supervised by. */
    String GROUP = "supervisor.group";

    /** Service property: place in the start order, a whole number; then order of attachment. */
    String ORDER = "child.order";

    ChildSpec spec();

    /**
     * Takes an owner. Never starts or stops anything. There is at most one owner at a time; a second is refused by name. An
     * exit that happened while nobody owned the child is signalled to the new owner at once.
     */
    Attachment attach(Owner owner, ChildSignals signals);

    /** Forgets the owner and its signals; nothing if it is not the owner. The child goes on as it is. */
    void detach(Owner owner);

    /**
     * Starts an incarnation. The stage completes when the order was accepted or refused, not when a connection is up.
     *
     * @param incarnation above every number used before
     */
    CompletionStage<StartResult> start(Owner owner, long incarnation);

    /**
     * Stops the running incarnation in an orderly way, and by force when the limit has passed. Completes when nothing of it
     * is left; at once when nothing runs. Such an end is not signalled as an exit.
     */
    CompletionStage<Void> stop(Owner owner, ExitReason reason, Duration limit);

    /** The owner will not restart the child any more; it stays so until a start. */
    void givenUp(Owner owner, String cause);

    /** Keeps an entry of the restart ledger, so that it outlives the supervisor. */
    void record(LedgerEntry entry);

    /** Forgets the ledger: the budget begins anew. */
    void clearLedger();

    ChildSnapshot snapshot();
}
