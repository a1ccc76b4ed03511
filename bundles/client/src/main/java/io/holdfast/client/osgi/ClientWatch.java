// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.osgi;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientState;
import io.holdfast.api.supervision.ChildSnapshot;
import io.holdfast.client.engine.ManagedClient;
import io.holdfast.client.lanes.Environment;
import java.util.Optional;
import java.util.function.Consumer;

/** Follows one client for its Conditions and those of its group. */
final class ClientWatch {
    private final ManagedClient client;
    private final Optional<Consumer<Boolean>> readyCondition;
    private final Lingering up;
    private final Optional<String> group;

    /**
     * @param readyCondition told whether the client is ready, empty for a client without Conditions of its own
     * @param upChanged told whether the client is up
     */
    ClientWatch(
            ManagedClient client,
            Environment environment,
            Optional<Consumer<Boolean>> readyCondition,
            Consumer<Boolean> upChanged) {
        this.client = client;
        this.readyCondition = readyCondition;
        this.group = client.options().supervisorGroup();
        this.up = new Lingering(environment, () -> client.options().upLinger(), upChanged);
    }

    /** Called on the client's mailbox. */
    void ready(boolean ready) {
        readyCondition.ifPresent(c -> c.accept(ready));
        up.set(ready);
    }

    /** The client has ended. */
    void end() {
        readyCondition.ifPresent(c -> c.accept(false));
        up.end();
    }

    String id() {
        return client.handle().id();
    }

    /** Another group needs another client. */
    Optional<String> group() {
        return group;
    }

    /** What the group's Condition is derived from. */
    GroupHealth.Member member() {
        return new GroupHealth.Member(up.on(), expected());
    }

    /** Whether the client ought to be up: it was not stopped, given up or refused. */
    private boolean expected() {
        ClientState state = client.handle().state();
        if (state == ClientState.CLOSED) {
            return false;
        }
        boolean refused = state == ClientState.EXITED
                && client.handle()
                        .health()
                        .lastCause()
                        .map(c -> c.kind() == Cause.Kind.REFUSED)
                        .orElse(false);
        return !refused
                && client.child().map(c -> expected(c.snapshot().state())).orElse(true);
    }

    private static boolean expected(ChildSnapshot.State state) {
        return state != ChildSnapshot.State.STOPPED && state != ChildSnapshot.State.GIVEN_UP;
    }
}
