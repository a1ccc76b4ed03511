// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.supervision.ChildSnapshot.State;
import io.holdfast.api.supervision.ChildSpec;
import io.holdfast.api.supervision.ChildSpec.Restart;
import io.holdfast.api.supervision.ExitReason.Kind;
import io.holdfast.api.supervision.Supervisor.ChildStatus;
import io.holdfast.api.supervision.Supervisor.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Groups that are children of groups, and what becomes of a group that ends. */
class GroupTreeTest {
    private final ManualThreads threads = new ManualThreads();
    private final List<String> log = new ArrayList<>();
    private final List<String> frameworkStops = new ArrayList<>();
    private final List<GroupEvent> events = new ArrayList<>();
    private final Map<String, long[]> kept = new HashMap<>();

    private GroupWorld world(String group) {
        return new GroupWorld() {
            @Override
            public void happened(GroupEvent event) {
                events.add(event);
            }

            @Override
            public void stopFramework(String name, String cause) {
                frameworkStops.add(name);
            }

            @Override
            public long[] recall(Whose whose) {
                return kept.getOrDefault(group + whose, new long[0]);
            }

            @Override
            public void keep(Whose whose, long[] restarts) {
                kept.put(group + whose, restarts);
            }
        };
    }

    private static GroupOptions options(String name, Object... options) {
        Map<String, Object> map = new HashMap<>();
        for (int i = 0; i < options.length; i += 2) {
            map.put((String) options[i], options[i + 1]);
        }
        return GroupOptions.of(map, GroupOptions.PID + "~" + name);
    }

    private Group group(String name, Object... options) {
        return new Group(options(name, options), threads, world(name));
    }

    private Worker worker(String id) {
        Worker worker = new Worker(new ChildSpec(id, Restart.PERMANENT, Duration.ofSeconds(5), 0, Duration.ZERO));
        worker.log = log;
        return worker;
    }

    private Worker added(Group group, String id) {
        Worker worker = worker(id);
        group.add(worker);
        return worker;
    }

    private void crash(Worker worker) {
        worker.exit(Kind.CRASH);
        threads.run();
    }

    private <T> T answer(CompletionStage<T> stage) {
        threads.run();
        return stage.toCompletableFuture().getNow(null);
    }

    private static ChildStatus.State state(Group parent, String child) {
        return parent.status().children().stream()
                .filter(c -> c.id().equals(child))
                .findFirst()
                .orElseThrow()
                .state();
    }

    @Test
    void aParentStartsItsChildGroupAndThatItsChildren() {
        Group inner = group("inner", "parent", "outer");
        Worker a = added(inner, "a");
        threads.run();
        assertThat(a.starts).as("the parent is not there yet").isEmpty();
        assertThat(inner.status().alive()).isFalse();
        assertThat(inner.status().cause()).contains("outer");
        Group outer = group("outer");
        outer.add(inner.asChild());
        threads.run();
        assertThat(a.starts).hasSize(1);
        assertThat(inner.status().alive()).isTrue();
        assertThat(inner.status().parent()).isEqualTo("outer");
        assertThat(state(outer, "inner")).isEqualTo(ChildStatus.State.RUNNING);
        threads.advance(Duration.ofMinutes(1));
        assertThat(a.starts).hasSize(1);
    }

    @Test
    void withoutItsParentAGroupStartsItselfAndIsAdoptedLater() {
        Group inner = group("inner", "parent", "outer", "parent.wait", "3s");
        Worker a = added(inner, "a");
        threads.advance(Duration.ofMillis(2_999));
        assertThat(a.starts).isEmpty();
        threads.advance(Duration.ofMillis(1));
        assertThat(a.starts).hasSize(1);
        Group outer = group("outer");
        outer.add(inner.asChild());
        threads.run();
        assertThat(log).containsExactly("start a");
        assertThat(state(outer, "inner")).isEqualTo(ChildStatus.State.RUNNING);
    }

    @Test
    void stoppingAndStartingGoDownTheTreeByRule() {
        Group outer = group("outer");
        Group inner = group("inner", "parent", "outer");
        added(inner, "a");
        added(inner, "b");
        outer.add(inner.asChild());
        threads.run();
        log.clear();
        assertThat(answer(outer.terminateChild("inner"))).isEqualTo(Reply.OK);
        assertThat(log).containsExactly("stop b", "stop a");
        assertThat(inner.status().alive()).isFalse();
        assertThat(answer(inner.restartChild("a"))).isEqualTo(Reply.NOPROC);
        log.clear();
        assertThat(answer(outer.restartChild("inner"))).isEqualTo(Reply.OK);
        assertThat(log).containsExactly("start a", "start b");
        assertThat(inner.status().alive()).isTrue();
    }

    @Test
    void aFailureInOneForAllTakesTheChildGroupAlong() {
        Group outer = group("outer", "strategy", "one_for_all");
        Worker first = added(outer, "first");
        Group inner = group("inner", "parent", "outer", "child.order", 1);
        added(inner, "a");
        outer.add(inner.asChild());
        threads.run();
        log.clear();
        crash(first);
        assertThat(log).containsExactly("stop a", "start first", "start a");
    }

    @Test
    void aGroupThatExceedsItsBudgetIsRestartedByItsParentWithAFreshOne() {
        Group outer = group("outer", "intensity", 1);
        Group inner = group("inner", "parent", "outer", "budget", "group", "intensity", 1);
        Worker a = added(inner, "a");
        Worker b = added(inner, "b");
        outer.add(inner.asChild());
        threads.run();
        crash(a);
        log.clear();
        crash(b);
        assertThat(log).as("all of it, the culprit included").containsExactly("stop a", "start a", "start b");
        assertThat(inner.status().alive()).isTrue();
        assertThat(inner.status().children()).allMatch(c -> c.restarts() == 0);
        assertThat(outer.status().children().get(0).restarts()).isEqualTo(1);
        assertThat(a.starts).isSorted().doesNotHaveDuplicates();

        crash(a);
        crash(a);
        assertThat(inner.status().alive()).isFalse();
        assertThat(state(outer, "inner"))
                .as("one restart too many for the parent")
                .isEqualTo(ChildStatus.State.GIVEN_UP);
        assertThat(a.state).as("nobody is left to start it").isEqualTo(State.STOPPED);
        assertThat(answer(outer.reset("inner"))).isEqualTo(Reply.OK);
        assertThat(inner.status().alive()).isTrue();
        assertThat(a.state).isEqualTo(State.RUNNING);
    }

    /** A client answers in its own lane: it must not be missing when its group is started again. */
    @Test
    void theCulpritIsPartOfTheNextLifeHoweverLateItIsLetGo() {
        Group outer = group("outer");
        Group inner = group("inner", "parent", "outer", "budget", "group", "intensity", 0);
        Worker a = added(inner, "a");
        outer.add(inner.asChild());
        threads.run();
        a.stopsWhenExited = new CompletableFuture<>();
        crash(a);
        assertThat(a.starts).hasSize(1);
        a.stopsWhenExited.complete(null);
        threads.run();
        assertThat(a.starts).hasSize(2);
        assertThat(inner.status().children()).hasSize(1);

        a.stopsWhenExited = new CompletableFuture<>();
        crash(a);
        threads.advance(Duration.ofSeconds(5));
        assertThat(inner.status().alive())
                .as("a child that never answers keeps nobody")
                .isTrue();
    }

    @Test
    void escalationGoesUpTheWholeTree() {
        Group top = group("top", "budget", "group", "intensity", 0);
        Group middle = group("middle", "parent", "top", "budget", "group", "intensity", 0);
        Group bottom = group("bottom", "parent", "middle", "budget", "group", "intensity", 0);
        Worker other = added(top, "other");
        Worker a = added(bottom, "a");
        top.add(middle.asChild());
        middle.add(bottom.asChild());
        threads.run();
        crash(a);
        assertThat(List.of(top, middle, bottom)).noneMatch(g -> g.status().alive());
        assertThat(other.state).isEqualTo(State.STOPPED);
        assertThat(top.status().cause()).contains("middle").contains("too many restarts");
    }

    @Test
    void aGroupThatPaysForItselfIsNotRestarted() {
        Group outer = group("outer");
        Group inner = group("inner", "parent", "outer", "intensity", 0, "escalation", "group");
        Worker a = added(inner, "a");
        outer.add(inner.asChild());
        threads.run();
        crash(a);
        assertThat(inner.status().alive()).isFalse();
        assertThat(state(outer, "inner")).isEqualTo(ChildStatus.State.GIVEN_UP);
    }

    @Test
    void onlyTheFrameworkOptionStopsTheFramework() {
        Group calm = group("calm", "intensity", 0, "escalation", "group");
        crash(running(calm, "a"));
        assertThat(calm.status().alive()).isFalse();
        assertThat(frameworkStops).isEmpty();

        Group last = group("last", "intensity", 0, "escalation", "framework");
        Worker b = running(last, "b");
        Worker c = running(last, "c");
        crash(b);
        assertThat(frameworkStops).containsExactly("last");
        assertThat(c.state).as("stopped by rule before").isEqualTo(State.STOPPED);
        assertThat(events).extracting(GroupEvent::type).endsWith(GroupEvent.Type.ENDED, GroupEvent.Type.ESCALATED);
    }

    private Worker running(Group group, String id) {
        Worker worker = added(group, id);
        threads.run();
        return worker;
    }

    @Test
    void aChildThatDoesNotStartWithItsGroupIsAFailedStartOfTheGroup() {
        Group outer = group("outer", "intensity", 2);
        Group inner = group("inner", "parent", "outer", "budget", "group", "intensity", 0);
        Worker a = added(inner, "a");
        Worker b = added(inner, "b");
        outer.add(inner.asChild());
        threads.run();
        b.refusesStarts = true;
        crash(a);
        assertThat(state(outer, "inner")).isEqualTo(ChildStatus.State.GIVEN_UP);
        assertThat(a.starts)
                .as("the first, and one with each attempt to start the group")
                .hasSize(3);
        assertThat(a.state).as("taken down again").isEqualTo(State.STOPPED);
    }

    @Test
    void aParentMayLeaveAndReturnAndBeExchanged() {
        Group outer = group("outer");
        Group inner = group("inner", "parent", "outer");
        Worker a = added(inner, "a");
        outer.add(inner.asChild());
        threads.run();
        outer.close();
        threads.advance(Duration.ofMinutes(1));
        assertThat(inner.status().alive()).isTrue();
        Group again = group("outer");
        again.add(inner.asChild());
        threads.run();
        again.remove(inner.asChild());
        inner.reconfigure(options("inner", "parent", "other"));
        Group other = group("other");
        other.add(inner.asChild());
        threads.run();
        inner.reconfigure(options("inner"));
        other.remove(inner.asChild());
        threads.advance(Duration.ofMinutes(1));
        assertThat(log).containsExactly("start a");
        assertThat(inner.status().alive()).isTrue();
        assertThat(a.owner.name()).isEqualTo("inner");
    }

    @Test
    void anEndThatTheParentDidNotSeeIsItsFirstSignal() {
        Group inner = group("inner", "parent", "outer", "intensity", 0, "escalation", "parent");
        Worker a = added(inner, "a");
        threads.advance(Duration.ofSeconds(5));
        crash(a);
        assertThat(inner.status().alive()).isFalse();
        threads.advance(Duration.ofMinutes(1));
        assertThat(inner.status().alive()).as("nobody would count its restarts").isFalse();
        Group outer = group("outer");
        outer.add(inner.asChild());
        threads.run();
        assertThat(inner.status().alive()).isTrue();
        assertThat(a.state).isEqualTo(State.RUNNING);
    }

    @Test
    void childrenThatComeWhileTheGroupIsDownStartWithIt() {
        Group outer = group("outer");
        Group inner = group("inner", "parent", "outer");
        outer.add(inner.asChild());
        threads.run();
        answer(outer.terminateChild("inner"));
        Worker late = added(inner, "late");
        late.incarnation = 100;
        threads.run();
        assertThat(late.starts).isEmpty();
        answer(outer.restartChild("inner"));
        assertThat(late.starts).hasSize(1).allMatch(number -> number > 100);
    }

    @Test
    void theContainersStopIsByRuleAndWithinTheLimit() {
        Group outer = group("outer", "stop.limit", "2s");
        Group inner = group("inner", "parent", "outer");
        Worker a = added(inner, "a");
        Worker b = added(inner, "b");
        Worker first = worker("first");
        outer.add(first);
        outer.add(inner.asChild());
        threads.run();
        log.clear();
        CompletionStage<Void> innerStop = inner.stop();
        CompletionStage<Void> stop = outer.stop();
        threads.run();
        assertThat(innerStop.toCompletableFuture()).as("left to its parent").isCompleted();
        assertThat(stop.toCompletableFuture()).isCompleted();
        assertThat(log).containsExactly("stop b", "stop a", "stop first");
        assertThat(a.stopReason.kind()).isEqualTo(Kind.SHUTDOWN);
        assertThat(b.owner).isNull();
        threads.advance(Duration.ofMinutes(1));
        assertThat(log).hasSize(3);
        assertThat(threads.pendingTimers()).isZero();
    }

    @Test
    void childrenThatDoNotStopAreEndedByForceAtTheLimit() {
        Group group = group("g", "stop.limit", "2s");
        Worker quick = added(group, "quick");
        Worker slow = added(group, "slow");
        threads.run();
        slow.leavesStopsUnanswered = true;
        CompletionStage<Void> stop = group.stop();
        threads.advance(Duration.ofMillis(1_999));
        assertThat(stop.toCompletableFuture()).isNotCompleted();
        assertThat(quick.state).as("waits for its turn").isEqualTo(State.RUNNING);
        threads.advance(Duration.ofMillis(1));
        assertThat(stop.toCompletableFuture()).isCompleted();
        assertThat(slow.stopReason.kind()).isEqualTo(Kind.KILLED);
        assertThat(quick.stopReason.kind()).isEqualTo(Kind.KILLED);
    }

    @Test
    void restartsOfChildrenThatLeftCountInTheNextSupervisor() {
        Group first = group("g", "budget", "group", "intensity", 2);
        Worker gone = running(first, "gone");
        Worker stays = running(first, "stays");
        crash(gone);
        threads.advance(Duration.ofSeconds(1));
        crash(stays);
        threads.advance(Duration.ofSeconds(1));
        first.remove(gone);
        first.close();
        threads.run();
        Group second = group("g", "budget", "group", "intensity", 2);
        second.add(stays);
        threads.run();
        assertThat(second.status().alive()).isTrue();
        crash(stays);
        assertThat(second.status().alive()).as("the third in all").isFalse();
    }

    @Test
    void aGroupsOwnRestartsCountWhenItsSupervisorAndItsParentsReturn() {
        Group outer = group("outer", "intensity", 2);
        Group inner = group("inner", "parent", "outer", "budget", "group", "intensity", 0);
        Worker a = added(inner, "a");
        outer.add(inner.asChild());
        threads.run();
        crash(a);
        assertThat(outer.status().children().get(0).restarts()).isEqualTo(1);
        inner.close();
        outer.close();
        threads.run();

        Group nextOuter = group("outer", "intensity", 2);
        Group nextInner = group("inner", "parent", "outer", "budget", "group", "intensity", 0);
        nextInner.add(a);
        nextOuter.add(nextInner.asChild());
        threads.run();
        assertThat(a.starts).as("adopted as it runs").hasSize(2);
        assertThat(nextOuter.status().children().get(0).restarts()).isEqualTo(1);
        crash(a);
        assertThat(nextInner.status().alive()).as("the second restart").isTrue();
        crash(a);
        assertThat(state(nextOuter, "inner")).as("the third").isEqualTo(ChildStatus.State.GIVEN_UP);
    }

    @Test
    void aGroupThatEndedAloneComesBackWhenItsConfigurationIsTouched() {
        Group alone = group("alone", "intensity", 0, "escalation", "group");
        Worker a = running(alone, "a");
        Worker b = running(alone, "b");
        crash(a);
        assertThat(alone.status().alive()).isFalse();
        alone.revive();
        threads.run();
        assertThat(alone.status().alive()).isTrue();
        assertThat(a.starts).hasSize(2);
        assertThat(b.starts).hasSize(2);
        alone.revive();
        threads.run();
        assertThat(b.starts).as("it lives: nothing is to be done").hasSize(2);

        crash(b);
        assertThat(alone.status().alive()).isFalse();
        alone.reconfigure(options("alone", "intensity", 5));
        threads.run();
        assertThat(alone.status().alive()).isTrue();
        crash(b);
        assertThat(b.state).as("under the new options").isEqualTo(State.RUNNING);
    }

    @Test
    void whetherAGroupWithAParentComesBackIsTheParentsDecision() {
        Group outer = group("outer");
        Group inner = group("inner", "parent", "outer", "intensity", 0, "escalation", "group");
        Worker a = added(inner, "a");
        outer.add(inner.asChild());
        threads.run();
        crash(a);
        inner.revive();
        threads.run();
        assertThat(inner.status().alive()).isFalse();
        assertThat(state(outer, "inner")).isEqualTo(ChildStatus.State.GIVEN_UP);
    }

    @Test
    void aChildThatBelongsToAnotherIsTakenWhenThatLetsItGo() {
        Group one = group("one");
        Group two = group("two");
        Worker a = running(one, "a");
        two.add(a);
        threads.run();
        assertThat(events)
                .filteredOn(e -> e.type() == GroupEvent.Type.REFUSED)
                .singleElement()
                .satisfies(e -> assertThat(e.cause()).contains("one"));
        threads.advance(Duration.ofSeconds(30));
        assertThat(events)
                .filteredOn(e -> e.type() == GroupEvent.Type.REFUSED)
                .as("said once")
                .hasSize(1);
        one.remove(a);
        threads.advance(Duration.ofSeconds(3));
        assertThat(a.owner.name()).isEqualTo("two");
        assertThat(log).containsExactly("start a");
        two.close();
        threads.run();
        assertThat(threads.pendingTimers()).isZero();
    }

    @Test
    void aChildThatFoundNoRoomIsTakenWhenThereIsSome() {
        Group group = group("g", "strategy", "dynamic", "children.max", 1);
        Worker a = running(group, "a");
        Worker b = running(group, "b");
        Worker c = running(group, "c");
        assertThat(b.starts).isEmpty();
        group.remove(a);
        threads.run();
        assertThat(b.starts).hasSize(1);
        assertThat(c.starts).isEmpty();
        group.reconfigure(options("g", "strategy", "dynamic"));
        threads.run();
        assertThat(c.starts).hasSize(1);
    }

    @Test
    void eventsAreNumberedWithoutGaps() {
        Group group = group("g", "intensity", 1);
        Worker a = running(group, "a");
        crash(a);
        crash(a);
        answer(group.reset("a"));
        assertThat(events)
                .extracting(GroupEvent::type)
                .containsExactly(
                        GroupEvent.Type.STARTED,
                        GroupEvent.Type.RESTART,
                        GroupEvent.Type.RESTART,
                        GroupEvent.Type.GIVEN_UP,
                        GroupEvent.Type.RECOVERED);
        assertThat(events).extracting(GroupEvent::number).containsExactly(1L, 2L, 3L, 4L, 5L);
    }
}
