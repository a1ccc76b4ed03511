// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.supervision.ChildSignals;
import io.holdfast.api.supervision.ChildSnapshot.State;
import io.holdfast.api.supervision.ChildSpec.Restart;
import io.holdfast.api.supervision.ExitReason.Kind;
import io.holdfast.api.supervision.Supervisor.ChildStatus;
import io.holdfast.api.supervision.Supervisor.Counts;
import io.holdfast.api.supervision.Supervisor.Reply;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class GroupTest {
    private final ManualThreads threads = new ManualThreads();
    private final Worker worker = new Worker("w", Restart.TRANSIENT);

    private Group group(Object... options) {
        Map<String, Object> map = new HashMap<>();
        for (int i = 0; i < options.length; i += 2) {
            map.put((String) options[i], options[i + 1]);
        }
        return new Group(GroupOptions.of(map, GroupOptions.PID + "~g"), threads);
    }

    private Group with(Worker child, Object... options) {
        Group group = group(options);
        group.add(child);
        threads.run();
        return group;
    }

    private <T> T answer(CompletionStage<T> stage) {
        threads.run();
        return stage.toCompletableFuture().getNow(null);
    }

    private ChildStatus status(Group group) {
        return group.status().children().get(0);
    }

    @Test
    void startsAChildThatWasNeverStarted() {
        Group group = with(worker);
        assertThat(worker.starts).hasSize(1);
        assertThat(status(group).state()).isEqualTo(ChildStatus.State.RUNNING);
        assertThat(answer(group.countChildren())).isEqualTo(new Counts(1, 1));
    }

    @Test
    void restartsAfterAFailureAndKeepsTheEntryWithTheChild() {
        Group group = with(worker);
        worker.exit(Kind.FAILED);
        threads.run();
        assertThat(worker.starts).hasSize(2).isSorted().doesNotHaveDuplicates();
        assertThat(worker.snapshot().ledger()).hasSize(1);
        assertThat(status(group).restarts()).isEqualTo(1);
        assertThat(status(group).cause()).contains("made to");
    }

    @Test
    void aStartThatThrowsHasFailedAtOnce() {
        worker.throwsOnStart = true;
        Group group = group();
        assertThat(answer(group.startChild(worker))).isEqualTo(Reply.START_FAILED);
        assertThat(threads.pendingTimers()).isZero();
    }

    @Test
    void aSecondChildOfTheSameIdIsRefusedByTheStateOfTheFirst() {
        Group group = with(worker);
        Worker second = new Worker("w", Restart.PERMANENT);
        assertThat(answer(group.startChild(second))).isEqualTo(Reply.ALREADY_STARTED);
        answer(group.terminateChild("w"));
        assertThat(answer(group.startChild(second))).isEqualTo(Reply.ALREADY_PRESENT);
        assertThat(second.starts).isEmpty();
    }

    @Test
    void leavesACleanExitAlone() {
        with(worker);
        worker.exit(Kind.NORMAL);
        threads.run();
        assertThat(worker.starts).hasSize(1);
    }

    @Test
    void givesUpBeyondTheIntensityAndStartsAgainAfterReset() {
        Group group = with(worker, "intensity", 2);
        for (int i = 0; i < 3; i++) {
            worker.exit(Kind.CRASH);
            threads.run();
        }
        assertThat(worker.starts).hasSize(3);
        assertThat(worker.state).isEqualTo(State.GIVEN_UP);
        assertThat(status(group).state()).isEqualTo(ChildStatus.State.GIVEN_UP);

        assertThat(answer(group.reset("w"))).isEqualTo(Reply.OK);
        assertThat(worker.starts).hasSize(4);
        assertThat(worker.snapshot().ledger()).isEmpty();
    }

    @Test
    void othersAreUntouchedWhenOneIsGivenUp() {
        Worker healthy = new Worker("h", Restart.TRANSIENT);
        Group group = with(worker, "intensity", 1);
        group.add(healthy);
        threads.run();
        for (int i = 0; i < 5; i++) {
            worker.exit(Kind.CRASH);
            threads.run();
        }
        assertThat(healthy.starts).hasSize(1);
        assertThat(healthy.state).isEqualTo(State.RUNNING);
    }

    @Test
    void limitsChangedLiveCountFromTheNextFailure() {
        Group group = with(worker, "intensity", 10);
        worker.exit(Kind.CRASH);
        threads.run();
        group.reconfigure(GroupOptions.of(Map.of("intensity", 1), GroupOptions.PID + "~g"));
        threads.run();
        assertThat(worker.state).isEqualTo(State.RUNNING);
        worker.exit(Kind.CRASH);
        threads.run();
        assertThat(worker.state).isEqualTo(State.GIVEN_UP);
    }

    @Test
    void restartDelayIsWaitedFor() {
        with(worker, "restart.delay", "5s");
        worker.exit(Kind.CRASH);
        threads.advance(Duration.ofMillis(4_999));
        assertThat(worker.starts).hasSize(1);
        threads.advance(Duration.ofMillis(1));
        assertThat(worker.starts).hasSize(2);
    }

    @Test
    void operatorsStopStartAndForget() {
        Group group = with(worker);
        assertThat(answer(group.terminateChild("w"))).isEqualTo(Reply.OK);
        assertThat(worker.state).isEqualTo(State.STOPPED);
        assertThat(answer(group.restartChild("w"))).isEqualTo(Reply.OK);
        assertThat(worker.starts).hasSize(2);
        assertThat(answer(group.restartChild("w"))).isEqualTo(Reply.RUNNING);
        assertThat(answer(group.terminateChild("x"))).isEqualTo(Reply.NOT_FOUND);
        answer(group.terminateChild("w"));
        assertThat(answer(group.deleteChild("w"))).isEqualTo(Reply.OK);
        assertThat(answer(group.countChildren())).isEqualTo(new Counts(0, 0));
        assertThat(worker.owner).isNull();
    }

    @Test
    void aChildMayAskForItsRestart() {
        Group group = with(worker, "intensity", 0);
        worker.exit(Kind.CRASH);
        threads.run();
        assertThat(worker.state).isEqualTo(State.GIVEN_UP);
        worker.ask(ChildSignals.Request.RESTART);
        threads.run();
        assertThat(worker.state).isEqualTo(State.RUNNING);
        answer(group.terminateChild("w"));
        worker.ask(ChildSignals.Request.RESTART);
        threads.run();
        assertThat(worker.state).isEqualTo(State.RUNNING);
    }

    @Test
    void adoptsWhatRunsWithoutStartingIt() {
        Group first = with(worker);
        first.close();
        threads.run();
        assertThat(worker.owner).isNull();
        Group second = with(worker);
        assertThat(worker.starts).hasSize(1);
        worker.exit(Kind.CRASH);
        threads.run();
        assertThat(worker.starts).hasSize(2).isSorted().doesNotHaveDuplicates();
        assertThat(status(second).state()).isEqualTo(ChildStatus.State.RUNNING);
    }

    @Test
    void actsOnAnExitThatNobodySaw() {
        Group first = with(worker);
        first.close();
        threads.run();
        worker.exit(Kind.CRASH);
        with(worker);
        assertThat(worker.starts).hasSize(2);
    }

    @Test
    void theLedgerOutlivesTheSupervisor() {
        Group first = with(worker, "intensity", 2);
        worker.exit(Kind.CRASH);
        threads.run();
        worker.exit(Kind.CRASH);
        threads.run();
        first.close();
        threads.run();
        with(worker, "intensity", 2);
        worker.exit(Kind.CRASH);
        threads.run();
        assertThat(worker.state).isEqualTo(State.GIVEN_UP);
        assertThat(worker.starts).hasSize(3);
    }

    @Test
    void aGivenUpChildStaysSoWhenItIsAdopted() {
        Group first = with(worker, "intensity", 0);
        worker.exit(Kind.CRASH);
        threads.run();
        first.close();
        threads.run();
        Group second = with(worker, "intensity", 0);
        assertThat(worker.starts).hasSize(1);
        assertThat(status(second).state()).isEqualTo(ChildStatus.State.GIVEN_UP);
    }

    @Test
    void aSecondOwnerIsRefused() {
        with(worker);
        Group other = group("group", "other");
        CompletionStage<Reply> reply = other.startChild(worker);
        assertThat(answer(reply)).isEqualTo(Reply.OWNED);
        assertThat(other.status().children()).isEmpty();
        assertThat(worker.owner.name()).isEqualTo("g");
    }

    @Test
    void aChildThatBreaksWhileStartedIsGivenUpAndNobodyElseHurt() {
        worker.breaksOnStart = true;
        Group group = group("intensity", 3);
        assertThat(answer(group.startChild(worker))).isEqualTo(Reply.START_FAILED);
        Worker healthy = new Worker("h", Restart.PERMANENT);
        assertThat(answer(group.startChild(healthy))).isEqualTo(Reply.OK);
        assertThat(healthy.state).isEqualTo(State.RUNNING);
    }

    @Test
    void aChildThatStartsItselfInTheSameMomentIsAdopted() {
        worker.startsItselfInstead = true;
        Group group = with(worker);
        assertThat(worker.starts).isEmpty();
        assertThat(status(group).state()).isEqualTo(ChildStatus.State.RUNNING);
        worker.startsItselfInstead = false;
        worker.exit(Kind.CRASH);
        threads.run();
        assertThat(worker.starts).hasSize(1);
    }

    @Test
    void aChildThatRefusesItsRestartsUsesUpTheBudget() {
        with(worker, "intensity", 3);
        worker.refusesStarts = true;
        worker.exit(Kind.CRASH);
        threads.run();
        assertThat(worker.state).isEqualTo(State.GIVEN_UP);
    }

    @Test
    void aChildThatLeavesIsForgottenAndNotHeardAnyMore() {
        Group group = with(worker);
        group.remove(worker);
        threads.run();
        worker.exit(Kind.CRASH);
        threads.run();
        assertThat(worker.starts).hasSize(1);
        assertThat(group.status().children()).isEmpty();
        assertThat(threads.pendingTimers()).isZero();
    }

    @Test
    void aChildThatLeavesWhileItIsStartedIsNotTakenBack() {
        worker.leavesStartsUnanswered = true;
        Group group = group();
        CompletionStage<Reply> reply = group.startChild(worker);
        threads.run();
        worker.state = State.STOPPED;
        group.remove(worker);
        assertThat(answer(reply)).isEqualTo(Reply.NOT_FOUND);
        assertThat(group.status().children()).isEmpty();
        assertThat(worker.owner).isNull();
        assertThat(threads.pendingTimers()).isZero();
    }

    @Test
    void aClosedGroupAnswersThatItIsGone() {
        Group group = with(worker);
        group.close();
        threads.run();
        assertThat(answer(group.restartChild("w"))).isEqualTo(Reply.NOPROC);
        assertThat(threads.pendingTimers()).isZero();
    }

    @Test
    void coolDownTriesOnce() {
        Group group = with(worker, "intensity", 0, "cooldown", "30s", "cooldown.stable.after", "10s");
        worker.exit(Kind.CRASH);
        threads.run();
        assertThat(worker.state).isEqualTo(State.GIVEN_UP);
        threads.advance(Duration.ofSeconds(30));
        assertThat(worker.state).isEqualTo(State.RUNNING);
        worker.exit(Kind.CRASH);
        threads.run();
        assertThat(worker.state).isEqualTo(State.GIVEN_UP);
        threads.advance(Duration.ofSeconds(40));
        assertThat(status(group).state()).isEqualTo(ChildStatus.State.RUNNING);
    }

    @Test
    void aGroupThatEndsLetsItsChildrenGo() {
        Worker other = new Worker("o", Restart.TRANSIENT);
        Group group = with(worker, "intensity", 0, "budget", "group");
        group.add(other);
        threads.run();
        worker.exit(Kind.CRASH);
        threads.run();
        assertThat(group.status().alive()).isFalse();
        assertThat(other.state).isEqualTo(State.STOPPED);
        assertThat(other.owner).isNull();
        assertThat(worker.owner).isNull();
        assertThat(answer(group.reset("w"))).isEqualTo(Reply.NOPROC);
    }

    @Test
    void aRestartThatWaitsIsNeitherCountedAgainNorPutOffByTheNextSupervisor() {
        Group first = with(worker, "intensity", 1, "restart.delay", "10s");
        worker.exit(Kind.CRASH);
        threads.advance(Duration.ofSeconds(4));
        answer(first.close());

        Group next = with(worker, "intensity", 1, "restart.delay", "10s");
        assertThat(worker.state).isEqualTo(State.EXITED);
        assertThat(status(next).restarts()).isEqualTo(1);
        threads.advance(Duration.ofMillis(5_999));
        assertThat(worker.starts).hasSize(1);
        threads.advance(Duration.ofMillis(1));
        assertThat(worker.starts).hasSize(2);
    }
}
