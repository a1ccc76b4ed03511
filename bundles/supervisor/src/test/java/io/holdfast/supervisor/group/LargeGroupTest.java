// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.group;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.sun.management.ThreadMXBean;
import io.holdfast.api.supervision.ChildSpec.Restart;
import io.holdfast.api.supervision.ExitReason;
import io.holdfast.api.supervision.Supervisor.ChildStatus;
import io.holdfast.api.supervision.Supervisor.Counts;
import io.holdfast.api.supervision.Supervisor.Reply;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * A group of ten thousand children: all start, all crash at once, all recover, all leave. What a decision costs must not
 * depend on how many siblings there are. Time is printed, as it says more about the machine; asserted are bytes allocated for
 * each child, which grow with the group as soon as somebody copies or lists it, and tasks of the mailbox.
 */
class LargeGroupTest {
    private static final int FEW = 1_000;
    private static final int MANY = 10_000;
    /** Tables grow by doubling, so that a child's share may be twice as large. */
    private static final double ALLOWED = 2.5;

    private static final Logger GROUP_LOG = (Logger) LoggerFactory.getLogger(Group.class);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** What one phase cost for each child. */
    private record Cost(double bytes, double tasks, double micros) {}

    @BeforeAll
    static void withoutALineForEachRestart() {
        GROUP_LOG.setLevel(Level.WARN);
    }

    @AfterAll
    static void logAgain() {
        GROUP_LOG.setLevel(null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"one_for_one", "dynamic"})
    void a_decision_costs_the_same_in_a_large_group(String strategy) {
        // So that both are measured with the same classes loaded.
        run(strategy, FEW);
        Map<String, Cost> few = run(strategy, FEW);
        Map<String, Cost> many = run(strategy, MANY);

        few.forEach((phase, cost) -> print(strategy, phase, cost, many.get(phase)));
        few.forEach((phase, cost) -> {
            assertThat(many.get(phase).tasks())
                    .as("tasks for each child: %s", phase)
                    .isEqualTo(cost.tasks());
            assertThat(many.get(phase).bytes())
                    .as("bytes for each child: %s", phase)
                    .isLessThan(cost.bytes() * ALLOWED);
        });
    }

    private static void print(String strategy, String phase, Cost few, Cost many) {
        System.out.printf(
                "LargeGroupTest: %s: %-10s for each child, of %d and of %d: %.0f and %.0f bytes, %.1f and %.1f tasks, %.1f and %.1f us%n",
                strategy,
                phase,
                FEW,
                MANY,
                few.bytes(),
                many.bytes(),
                few.tasks(),
                many.tasks(),
                few.micros(),
                many.micros());
    }

    private static Map<String, Cost> run(String strategy, int size) {
        ManualThreads threads = new ManualThreads();
        Group group = new Group(GroupOptions.of(Map.of("strategy", strategy), GroupOptions.PID + "~large"), threads);
        threads.run();
        List<Worker> workers = workers(size);
        List<CompletionStage<Reply>> replies = new ArrayList<>(size);
        Map<String, Cost> costs = new LinkedHashMap<>();
        long before = usedMemory();

        costs.put("start", cost(size, threads, () -> workers.forEach(w -> replies.add(group.startChild(w)))));
        assertThat(replies).allSatisfy(r -> assertThat(r).isCompletedWithValue(Reply.OK));
        assertAllRun(group, threads, workers, 1);
        replies.clear();
        System.out.printf(
                "LargeGroupTest: %s: %d children: %d bytes of memory each%n",
                strategy, size, (usedMemory() - before) / size);

        for (int crash = 1; crash <= 2; crash++) {
            costs.put("crash " + crash, cost(size, threads, () -> workers.forEach(w -> w.exit(ExitReason.Kind.CRASH))));
            assertAllRun(group, threads, workers, 1 + crash);
        }
        costs.put(
                "terminate",
                cost(
                        size,
                        threads,
                        () -> workers.forEach(w -> group.terminateChild(w.spec().id()))));
        if (strategy.equals("dynamic")) {
            // Ended by order they are forgotten, as in OTP.
            assertThat(group.status().children()).isEmpty();
            List<Worker> others = workers(size);
            costs.put("others", cost(size, threads, () -> others.forEach(w -> replies.add(group.startChild(w)))));
            assertAllRun(group, threads, others, 1);
            costs.put("leave", cost(size, threads, () -> others.forEach(group::remove)));
        } else {
            costs.put(
                    "restart",
                    cost(
                            size,
                            threads,
                            () -> workers.forEach(
                                    w -> replies.add(group.restartChild(w.spec().id())))));
            assertAllRun(group, threads, workers, 4);
            costs.put("leave", cost(size, threads, () -> workers.forEach(group::remove)));
        }
        assertThat(replies).allSatisfy(r -> assertThat(r).isCompletedWithValue(Reply.OK));
        assertThat(group.status().children()).isEmpty();
        assertThat(threads.pendingTimers()).isZero();
        return costs;
    }

    private static List<Worker> workers(int size) {
        return IntStream.range(0, size)
                .mapToObj(i -> new Worker("child" + i, Restart.PERMANENT))
                .toList();
    }

    private static void assertAllRun(Group group, ManualThreads threads, List<Worker> workers, int starts) {
        assertThat(workers).allSatisfy(w -> assertThat(w.starts).hasSize(starts));
        assertThat(group.status().children())
                .hasSize(workers.size())
                .allSatisfy(c -> assertThat(c.state()).isEqualTo(ChildStatus.State.RUNNING));
        CompletionStage<Counts> counts = group.countChildren();
        threads.run();
        assertThat(counts).isCompletedWithValue(new Counts(workers.size(), workers.size()));
    }

    private static Cost cost(int size, ManualThreads threads, Runnable phase) {
        long tasks = threads.tasksRun();
        long begin = System.nanoTime();
        long bytes = THREADS.getCurrentThreadAllocatedBytes();
        phase.run();
        threads.run();
        bytes = THREADS.getCurrentThreadAllocatedBytes() - bytes;
        double micros = (System.nanoTime() - begin) / 1e3;
        return new Cost((double) bytes / size, (double) (threads.tasksRun() - tasks) / size, micros / size);
    }

    private static long usedMemory() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
