// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Children and callers around one core, driven by a seed: answers are slow, late, lost or doubled, children die at any time,
 * and everybody calls. Keeps the books that the invariants are checked against.
 */
final class RandomWorld {
    private static final List<String> IDS = List.of("a", "b", "c", "d", "e");
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private record Event(long at, long number, Runnable what) {}

    final SupervisorCore core;
    private final Random random;
    private final PriorityQueue<Event> agenda =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparing(Event::number));
    private final Map<String, Long> alive = new TreeMap<>();
    /** Incarnations that must not begin any more. */
    private final Set<Long> killed = new HashSet<>();

    private final Set<Long> unanswered = new TreeSet<>();
    final Map<String, Integer> seen = new TreeMap<>();
    final List<String> violations = new ArrayList<>();
    private final Set<String> adopted = new HashSet<>();
    private final Map<String, Long> lastStart = new HashMap<>();
    private long numbers;
    private long now;

    RandomWorld(long seed) {
        random = new Random(seed);
        core = new SupervisorCore(spec());
        List<ChildSpec> children = new ArrayList<>();
        IDS.subList(0, random.nextInt(4)).forEach(id -> children.add(child(id)));
        post(0, new SupervisorMessage.Init(children));
    }

    private SupervisorSpec spec() {
        Strategy strategy = pick(Strategy.values());
        Intensity intensity = new Intensity(
                random.nextInt(40),
                Duration.ofSeconds(1 + random.nextInt(60)),
                pick(Budget.values()),
                random.nextBoolean());
        SupervisorSpec spec =
                SupervisorSpec.of(strategy).withIntensity(intensity).withRestartRefused(random.nextBoolean());
        if (random.nextBoolean()) {
            spec = spec.withRestartDelay(Duration.ofMillis(random.nextInt(8_000)));
        }
        return random.nextBoolean()
                ? spec
                : spec.withCoolDown(Duration.ofSeconds(1 + random.nextInt(20)), Duration.ofSeconds(random.nextInt(10)));
    }

    private ChildSpec child(String id) {
        ShutdownLimit[] limits = {
            ShutdownLimit.BRUTAL_KILL, ShutdownLimit.DEFAULT, ShutdownLimit.of(Duration.ofMillis(500))
        };
        return new ChildSpec(id, pick(RestartType.values()), false, pick(limits), ChildSpec.Type.WORKER);
    }

    /** Lets things happen at random times. */
    void run(int steps) {
        for (int i = 0; i < steps; i++) {
            at(now + (long) (random.nextDouble() * 120 * SECOND), this::happening);
        }
        settle();
    }

    /** Processes what is under way until nothing is left but waits longer than any order takes. */
    void settle() {
        for (int i = 0; i < 100_000; i++) {
            Event next = agenda.peek();
            boolean wakes = core.nextWakeNanos().isPresent();
            if (next == null && !wakes || next == null && core.exit().isEmpty() && onlyLongWaits()) {
                return;
            }
            if (next == null || wakes && core.nextWakeNanos().getAsLong() < next.at()) {
                now = Math.max(now, core.nextWakeNanos().getAsLong());
                tell(new SupervisorMessage.Tick());
            } else {
                agenda.poll();
                now = Math.max(now, next.at());
                next.what().run();
            }
        }
        violations.add("never comes to rest");
    }

    /** A refused start can be tried for ever, once per cool-down. */
    private boolean onlyLongWaits() {
        return core.children(now).stream()
                .noneMatch(child -> child.status() == ChildStatus.STARTING
                        || child.status() == ChildStatus.STOPPING
                        || child.status() == ChildStatus.RESTARTING);
    }

    private void happening() {
        String id = pick(IDS.toArray(String[]::new));
        switch (random.nextInt(14)) {
            case 0, 1, 2, 3, 4 -> die(id);
            case 5, 6 -> call(new SupervisorMessage.StartChild(token(), child(id)));
            case 7 -> call(new SupervisorMessage.TerminateChild(token(), id));
            case 8 -> call(new SupervisorMessage.RestartChild(token(), id));
            case 9 -> call(new SupervisorMessage.DeleteChild(token(), id));
            case 10 -> call(new SupervisorMessage.ResetChild(token(), id));
            case 11 -> call(new SupervisorMessage.WhichChildren(token()));
            case 12 -> detach(id);
            default -> rare();
        }
    }

    private void rare() {
        switch (random.nextInt(8)) {
            case 0 ->
                tell(new SupervisorMessage.Shutdown(random.nextBoolean() ? ExitReason.SHUTDOWN : ExitReason.KILLED));
            case 1 -> tell(new SupervisorMessage.Retry(pick(IDS.toArray(String[]::new))));
            case 2 -> stale(pick(IDS.toArray(String[]::new)));
            case 3 -> tell(new SupervisorMessage.Reconfigure(spec()));
            default -> adopt("n" + random.nextInt(9));
        }
    }

    private void stale(String id) {
        long earlier = lastStart.getOrDefault(id, 0L) - 1;
        tell(new SupervisorMessage.Exit(id, earlier, ExitReason.NORMAL));
        tell(new SupervisorMessage.StartResult(id, earlier, StartOutcome.STARTED));
        tell(new SupervisorMessage.StopResult(id, earlier, ExitReason.NORMAL));
    }

    private void adopt(String id) {
        // Once each: a child is not attached again before it was detached, and the core may not have come to the first
        // yet.
        if (adopted.add(id)) {
            long incarnation = lastStart.getOrDefault(id, 0L) + 1;
            ChildSnapshot.Found[] states = {
                new ChildSnapshot.Running(),
                new ChildSnapshot.Exited(ExitReason.crash("unseen"), now),
                new ChildSnapshot.Restarting(now + random.nextInt(3) * SECOND),
                new ChildSnapshot.Stopped(),
                new ChildSnapshot.GivenUp(ExitReason.crash("long ago"), now)
            };
            ChildSnapshot.Found found = pick(states);
            if (found instanceof ChildSnapshot.Running && core.exit().isEmpty()) {
                // It may be dead by the time its adoption comes to turn; that exit is queued behind.
                alive.put(id, incarnation);
            }
            lastStart.put(id, incarnation);
            tell(new SupervisorMessage.Adopt(
                    List.of(new ChildSnapshot(child(id), incarnation, found, List.of())), List.of()));
        }
    }

    private void detach(String id) {
        // A child without owner is closed by whoever took it away, before another may come under its id.
        Long incarnation = alive.remove(id);
        if (incarnation != null) {
            killed.add(incarnation);
        }
        killed.add(lastStart.getOrDefault(id, 0L));
        tell(new SupervisorMessage.Detach(id));
    }

    private void die(String id) {
        Long incarnation = alive.remove(id);
        if (incarnation != null) {
            ExitReason reason = pick(
                    ExitReason.NORMAL,
                    ExitReason.SHUTDOWN,
                    ExitReason.crash("boom"),
                    ExitReason.refused("no"),
                    ExitReason.OPERATOR,
                    ExitReason.KILLED);
            exit(id, incarnation, reason);
        }
    }

    private void exit(String id, long incarnation, ExitReason reason) {
        for (int times = random.nextInt(10) == 0 ? 2 : 1; times > 0; times--) {
            post(random.nextInt(3) * SECOND, new SupervisorMessage.Exit(id, incarnation, reason));
        }
    }

    private long token() {
        return ++numbers;
    }

    private void call(SupervisorMessage.Call call) {
        unanswered.add(call.token());
        tell(call);
    }

    private void tell(SupervisorMessage message) {
        count(message.getClass().getSimpleName());
        for (SupervisorAction action : core.handle(message, now)) {
            count(action.getClass().getSimpleName());
            if (action instanceof SupervisorAction.Start start) {
                start(start);
            } else if (action instanceof SupervisorAction.Stop stop) {
                stop(stop);
            } else if (action instanceof SupervisorAction.EnqueueRetry retry) {
                post(0, new SupervisorMessage.Retry(retry.childId()));
            } else if (action instanceof SupervisorAction.Reply reply && !unanswered.remove(reply.token())) {
                violations.add("second reply to " + reply.token());
            }
        }
    }

    private void start(SupervisorAction.Start start) {
        if (start.incarnation() <= lastStart.getOrDefault(start.childId(), 0L)) {
            violations.add("incarnation used twice: " + start);
        }
        lastStart.put(start.childId(), start.incarnation());
        at(now + delay(7), () -> {
            if (killed.contains(start.incarnation())) {
                return;
            }
            StartOutcome outcome = random.nextInt(4) > 0
                    ? StartOutcome.STARTED
                    : random.nextInt(4) > 0 ? StartOutcome.failed("no") : StartOutcome.IGNORED;
            if (outcome == StartOutcome.STARTED) {
                Long other = alive.put(start.childId(), start.incarnation());
                if (other != null) {
                    violations.add("two at once: " + other + " and " + start);
                }
            }
            tell(new SupervisorMessage.StartResult(start.childId(), start.incarnation(), outcome));
        });
    }

    private void stop(SupervisorAction.Stop stop) {
        boolean byForce = stop.limit().equals(ShutdownLimit.BRUTAL_KILL);
        Runnable end = () -> {
            killed.add(stop.incarnation());
            alive.remove(stop.childId(), stop.incarnation());
        };
        if (byForce) {
            end.run();
        }
        if (random.nextInt(20) > 0) {
            at(now + delay(7), () -> {
                end.run();
                tell(new SupervisorMessage.StopResult(stop.childId(), stop.incarnation(), stop.reason()));
            });
        }
    }

    /** Mostly at once, sometimes up to that many seconds. */
    private long delay(int seconds) {
        return random.nextInt(3) > 0 ? 0 : (long) (random.nextDouble() * seconds * SECOND);
    }

    /** Checks what must hold when nothing is under way. */
    void checkAtRest() {
        if (!unanswered.isEmpty()) {
            violations.add("calls without reply: " + unanswered);
        }
        if (core.exit().isPresent()) {
            if (core.nextWakeNanos().isPresent() || !core.children(now).isEmpty()) {
                violations.add("an ended supervisor still waits or knows children");
            }
            return;
        }
        Map<String, Long> running = new TreeMap<>();
        for (ChildView view : core.children(now)) {
            if (view.status() == ChildStatus.RUNNING) {
                running.put(view.id(), view.incarnation());
            }
        }
        if (!running.equals(alive)) {
            violations.add("the core believes in " + running + ", alive are " + alive);
        }
        call(new SupervisorMessage.CountChildren(token()));
        if (!unanswered.isEmpty()) {
            violations.add("busy for ever");
        }
    }

    private void count(String what) {
        seen.merge(what, 1, Integer::sum);
    }

    private void post(long delay, SupervisorMessage message) {
        at(now + delay, () -> tell(message));
    }

    private void at(long time, Runnable what) {
        agenda.add(new Event(time, ++numbers, what));
    }

    @SafeVarargs
    private <T> T pick(T... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
