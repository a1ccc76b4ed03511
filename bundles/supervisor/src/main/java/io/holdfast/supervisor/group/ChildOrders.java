// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.group;

import io.holdfast.api.supervision.Child;
import io.holdfast.api.supervision.ExitReason;
import io.holdfast.api.supervision.Owner;
import io.holdfast.supervisor.core.ShutdownLimit;
import io.holdfast.supervisor.core.StartOutcome;
import io.holdfast.supervisor.core.SupervisorAction;
import io.holdfast.supervisor.core.SupervisorMessage;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Gives the core's orders to children and brings back the answers. In the group's mailbox. */
final class ChildOrders {
    private final Owner owner;
    private final Guard guard;
    private final Consumer<SupervisorMessage> answers;

    /** @param answers takes answers from any thread */
    ChildOrders(Owner owner, Guard guard, Consumer<SupervisorMessage> answers) {
        this.owner = owner;
        this.guard = guard;
        this.answers = answers;
    }

    void start(Optional<Child> child, SupervisorAction.Start order) {
        if (child.isEmpty()) {
            started(order, StartOutcome.failed("the child has left"));
            return;
        }
        boolean given = guard.run(
                "the start of child '" + order.childId() + "'",
                () -> child.get()
                        .start(owner, order.incarnation())
                        .whenComplete((result, fault) -> started(order, CoreWords.outcome(result))));
        if (!given) {
            started(order, CoreWords.outcome(null));
        }
    }

    private void started(SupervisorAction.Start order, StartOutcome outcome) {
        answers.accept(new SupervisorMessage.StartResult(order.childId(), order.incarnation(), outcome));
    }

    void stop(Optional<Child> child, SupervisorAction.Stop order) {
        boolean kill = order.limit().equals(ShutdownLimit.BRUTAL_KILL);
        var ended =
                kill ? io.holdfast.supervisor.core.ExitReason.KILLED : io.holdfast.supervisor.core.ExitReason.SHUTDOWN;
        SupervisorMessage answer = new SupervisorMessage.StopResult(order.childId(), order.incarnation(), ended);
        if (child.isEmpty()) {
            answers.accept(answer);
            return;
        }
        Duration limit = kill ? Duration.ZERO : Duration.ofNanos(order.limit().nanos());
        ExitReason.Kind kind = kill ? ExitReason.Kind.KILLED : ExitReason.Kind.SHUTDOWN;
        child.get()
                .stop(owner, new ExitReason(kind, order.reason().toString()), limit)
                .whenComplete((done, fault) -> answers.accept(answer));
    }
}
