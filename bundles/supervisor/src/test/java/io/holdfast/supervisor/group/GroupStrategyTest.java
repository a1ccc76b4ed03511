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
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Strategies and start order of a group; the rules behind them are proven on the core. */
class GroupStrategyTest {
    private final ManualThreads threads = new ManualThreads();
    private final List<String> log = new ArrayList<>();

    private static GroupOptions options(Object... options) {
        Map<String, Object> map = new HashMap<>();
        for (int i = 0; i < options.length; i += 2) {
            map.put((String) options[i], options[i + 1]);
        }
        return GroupOptions.of(map, GroupOptions.PID + "~g");
    }

    private Group group(Object... options) {
        return new Group(options(options), threads);
    }

    private Worker worker(String id, int order) {
        return worker(new ChildSpec(id, Restart.PERMANENT, Duration.ofSeconds(5), order, Duration.ZERO));
    }

    private Worker worker(ChildSpec spec) {
        Worker worker = new Worker(spec);
        worker.log = log;
        return worker;
    }

    private void add(Group group, Worker... workers) {
        for (Worker worker : workers) {
            group.add(worker);
        }
        threads.run();
    }

    private void exit(Worker worker, Kind kind) {
        log.clear();
        worker.exit(kind);
        threads.run();
    }

    private <T> T answer(CompletionStage<T> stage) {
        threads.run();
        return stage.toCompletableFuture().getNow(null);
    }

    private static List<String> ids(Group group) {
        return group.status().children().stream().map(ChildStatus::id).toList();
    }

    @Test
    void childrenStandByTheirOrderAndThenAsTheyCame() {
        Group group = group();
        add(group, worker("late", 5), worker("b", 0), worker("a", 0), worker("first", -1));
        assertThat(ids(group)).containsExactly("first", "b", "a", "late");
        assertThat(answer(group.whichChildren()))
                .extracting(ChildStatus::id)
                .containsExactly("first", "b", "a", "late");
    }

    @Test
    void oneForAllStopsInReverseOrderAndStartsInOrder() {
        Worker a = worker("a", 2);
        Group group = group("strategy", "one_for_all");
        add(group, a, worker("b", 1), worker("c", 2));
        assertThat(log).containsExactly("start a", "start b", "start c");
        exit(a, Kind.CRASH);
        assertThat(log).containsExactly("stop c", "stop b", "start b", "start a", "start c");
    }

    @Test
    void restForOneLeavesThoseBeforeAlone() {
        Worker b = worker("b", 1);
        Group group = group("strategy", "rest_for_one");
        add(group, worker("c", 2), b, worker("a", 0));
        exit(b, Kind.CRASH);
        assertThat(log).containsExactly("stop c", "start b", "start c");
    }

    @Test
    void dynamicGroupsHaveAMaximumAndForgetThoseThatEnded() {
        Group group = group("strategy", "dynamic", "children.max", 2);
        Worker first = worker(new ChildSpec("1", Restart.TRANSIENT, Duration.ZERO, 0, Duration.ZERO));
        assertThat(answer(group.startChild(first))).isEqualTo(Reply.OK);
        assertThat(answer(group.startChild(worker("2", 0)))).isEqualTo(Reply.OK);
        assertThat(answer(group.startChild(worker("3", 0)))).isEqualTo(Reply.MAX_CHILDREN);
        exit(first, Kind.NORMAL);
        assertThat(ids(group)).containsExactly("2");
        assertThat(first.owner).isNull();
        assertThat(answer(group.startChild(worker("3", 0)))).isEqualTo(Reply.OK);
    }

    @Test
    void theEndOfASignificantChildEndsTheGroup() {
        ChildSpec spec =
                new ChildSpec("s", Restart.TRANSIENT, Duration.ZERO, 0, Duration.ZERO, true, ChildSpec.Type.WORKER);
        assertThat(answer(group().startChild(worker(spec)))).isEqualTo(Reply.BAD_COMBINATION);

        Group group = group("auto.shutdown", "any_significant");
        Worker significant = worker(spec);
        Worker other = worker("o", 0);
        add(group, significant, other);
        exit(significant, Kind.NORMAL);
        assertThat(group.status().alive()).isFalse();
        assertThat(other.state).isEqualTo(State.STOPPED);
    }

    @Test
    void aBrutalStopLeavesNoTime() {
        Worker worker = worker(new ChildSpec("w", Restart.PERMANENT, ChildSpec.BRUTAL_KILL, 0, Duration.ZERO));
        Group group = group();
        add(group, worker);
        answer(group.terminateChild("w"));
        assertThat(worker.stopReason.kind()).isEqualTo(Kind.KILLED);
        assertThat(worker.stopLimit).isZero();
    }

    @Test
    void aChildThatIgnoresItsStartIsKeptStopped() {
        Worker worker = worker("w", 0);
        worker.ignoresStarts = true;
        Group group = group();
        assertThat(answer(group.startChild(worker))).isEqualTo(Reply.OK);
        assertThat(group.status().children().get(0).state()).isEqualTo(ChildStatus.State.STOPPED);
    }

    @Test
    void causesThatDoNotCountUseUpNoBudget() {
        Worker worker = worker("w", 0);
        Group group = group("intensity", 0, "uncounted", "protocol");
        add(group, worker);
        exit(worker, Kind.PROTOCOL);
        assertThat(worker.state).isEqualTo(State.RUNNING);
        exit(worker, Kind.OPERATOR);
        assertThat(worker.state).as("counted, as only one kind is not").isEqualTo(State.GIVEN_UP);
    }

    /** Every live option is changed and changed back under children that run. */
    @Test
    void noChangeOfAnOptionTouchesAChild() {
        Group group = group();
        Worker a = worker("a", 0);
        Worker b = worker("b", 1);
        add(group, a, b);
        log.clear();
        Map<String, Object> others = Map.ofEntries(
                Map.entry("strategy", "one_for_all"),
                Map.entry("auto.shutdown", "all_significant"),
                Map.entry("intensity", 0),
                Map.entry("period", "1s"),
                Map.entry("budget", "group"),
                Map.entry("restart.delay", "1m"),
                Map.entry("restart.refused", true),
                Map.entry("cooldown", "1s"),
                Map.entry("cooldown.stable.after", "1s"),
                Map.entry("window.whole.seconds", true),
                Map.entry("uncounted", "none"),
                Map.entry("escalation", "framework"),
                Map.entry("stop.limit", "1ms"),
                Map.entry("parent", "elsewhere"),
                Map.entry("parent.wait", "0s"),
                Map.entry("child.restart", "temporary"),
                Map.entry("child.order", 7),
                Map.entry("answer.limit", "1ms"));
        others.forEach((name, value) -> {
            group.reconfigure(options(name, value));
            threads.advance(Duration.ofSeconds(90));
            group.reconfigure(options());
            threads.advance(Duration.ofSeconds(90));
        });
        group.reconfigure(options("strategy", "dynamic", "children.max", 1));
        threads.advance(Duration.ofSeconds(90));
        group.reconfigure(options("parent", "elsewhere", "child.restart", "transient", "child.significant", true));
        assertThat(others.size()
                        + List.of("group", "children.max", "child.significant").size())
                .as("no option is left out")
                .isEqualTo(GroupOptions.declared().size());
        threads.advance(Duration.ofSeconds(90));
        assertThat(log).isEmpty();
        assertThat(a.owner).isNotNull();
        assertThat(b.owner).isNotNull();
        assertThat(group.status().children())
                .allMatch(c -> c.state() == ChildStatus.State.RUNNING)
                .hasSize(2);
    }
}
