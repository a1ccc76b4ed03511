// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the corpus leaves out of nested supervisors: kills, late events, absent addressees. */
class SupervisorTreeTest {
    private static final SupervisorSpec SPEC = SupervisorSpec.of(Strategy.ONE_FOR_ONE);
    private static final ExitReason BOOM = ExitReason.crash("boom");

    private final SupervisorTree tree = new SupervisorTree(new SupervisorTree.Node(
            SPEC,
            List.of(new ChildSpec(
                    "s",
                    RestartType.PERMANENT,
                    false,
                    ShutdownLimit.of(Duration.ofSeconds(1)),
                    ChildSpec.Type.SUPERVISOR)),
            Map.of(
                    "s",
                    new SupervisorTree.Node(
                            SPEC, List.of(CoreDriver.permanent("x"), CoreDriver.permanent("y")), Map.of()))));

    private static SupervisorTree.TreeAction act(String supervisor, SupervisorAction action) {
        return new SupervisorTree.TreeAction.Act(supervisor, action);
    }

    private void start() {
        long s = 1;
        assertThat(tree.init(0)).containsExactly(act("s", new SupervisorAction.Start("x", s + 1)));
        assertThat(tree.handle("s", new SupervisorMessage.StartResult("x", 2, StartOutcome.STARTED), 0))
                .containsExactly(act("s", new SupervisorAction.Start("y", 3)));
        assertThat(tree.handle("s", new SupervisorMessage.StartResult("y", 3, StartOutcome.STARTED), 0))
                .containsExactly(
                        new SupervisorTree.TreeAction.Up("s"),
                        act(SupervisorTree.ROOT, new SupervisorAction.Initialised()));
    }

    @Test
    void supervisorThatDoesNotStopInTimeIsKilledWithItsChildren() {
        start();
        tree.handle(SupervisorTree.ROOT, new SupervisorMessage.Shutdown(ExitReason.SHUTDOWN), 0);
        assertThat(tree.nextWakeNanos()).hasValue(Duration.ofSeconds(1).toNanos());
        assertThat(tree.tick(Duration.ofSeconds(1).toNanos()))
                .containsExactly(
                        act("s", new SupervisorAction.Stop("x", 2, ExitReason.KILLED, ShutdownLimit.BRUTAL_KILL)),
                        act("s", new SupervisorAction.Stop("y", 3, ExitReason.KILLED, ShutdownLimit.BRUTAL_KILL)),
                        new SupervisorTree.TreeAction.Down("s", ExitReason.KILLED, true),
                        act(
                                SupervisorTree.ROOT,
                                new SupervisorAction.Exited(new SupervisorExit.Ended(ExitReason.SHUTDOWN))));
        assertThat(tree.nextWakeNanos()).isEmpty();
    }

    @Test
    void eventsOfAnEarlierLifeAreStale() {
        start();
        long token = 7;
        tree.handle(SupervisorTree.ROOT, new SupervisorMessage.TerminateChild(token, "s"), 0);
        tree.handle("s", new SupervisorMessage.StopResult("y", 3, ExitReason.SHUTDOWN), 0);
        tree.handle("s", new SupervisorMessage.StopResult("x", 2, ExitReason.SHUTDOWN), 0);
        assertThat(tree.core("s")).isEmpty();
        assertThat(tree.handle(SupervisorTree.ROOT, new SupervisorMessage.RestartChild(token + 1, "s"), 0))
                .containsExactly(act("s", new SupervisorAction.Start("x", 5)));
        assertThat(tree.handle("s", new SupervisorMessage.StartResult("x", 2, StartOutcome.STARTED), 0))
                .isEmpty();
        assertThat(tree.handle("s", new SupervisorMessage.StartResult("x", 5, StartOutcome.STARTED), 0))
                .hasSize(1);
        assertThat(tree.handle("s", new SupervisorMessage.Exit("x", 2, BOOM), 0))
                .isEmpty();
    }

    @Test
    void absentSupervisorAnswersCalls() {
        assertThat(tree.handle("nobody", new SupervisorMessage.WhichChildren(9), 0))
                .containsExactly(
                        act("nobody", new SupervisorAction.Reply(9, CallResult.failure(CallResult.Error.NO_PROCESS))));
        assertThat(tree.handle("nobody", new SupervisorMessage.Retry("x"), 0)).isEmpty();
    }
}
