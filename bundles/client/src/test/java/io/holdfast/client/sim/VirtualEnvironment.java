// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import io.holdfast.client.lanes.Environment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * A whole process on one thread: virtual clock, every executor and timer run in one order drawn from a seed. The same seed
 * and the same calls give the same run, which {@link #trace()} proves.
 *
 * <p><b>Clock.</b> {@link #nanoTime()} starts at {@link #ORIGIN} and moves only inside {@code run...}: to the next timer or
 * world event when nothing is runnable, by {@link #stepCost(long)} with each task, or by {@link #spend(long)}. The wall
 * clock follows it, and can be {@linkplain #jumpWallClock(Duration) set} by itself.
 *
 * <p><b>Tasks.</b> Whatever is posted to an executor waits in its {@link Pool}. Each step takes one waiting task at random,
 * whatever its age, so that every interleaving of whole tasks can happen; those posted to one {@link #serial(Pool)} keep
 * their order. Pools have weights drawn from the seed: in one run deliveries are quick and mailboxes lag, in another the
 * reverse. Timers fire in order of their time (ties: of their setting), one at a time, like those of a single timer thread,
 * and may be late when other tasks are preferred. Tasks never overlap; code that waits for another task inside a task
 * waits for ever, and what {@link Thread} or locks do is not simulated. One that is to be stuck
 * {@linkplain #hang(Duration) says so}: it waits for nobody, and the others run.
 *
 * <p><b>World.</b> {@link #world(long, Runnable)} is for what happens outside of the process: packets, servers. It happens at
 * its time precisely, also while the process is {@linkplain #pauseProcess(Duration) paused} and while a task
 * {@linkplain #spend(long) spends} time. World events may post to executors and set further world events.
 *
 * <p><b>Faults.</b> A task or timer that throws ends the run with {@link SimulationFault}: naming seed, step, time and the
 * last tasks. So does {@value #LIVELOCK} steps without any movement of the clock.
 *
 * <p>Not thread-safe: everything is to be called on the thread that made it, and is refused from others, so that code under
 * simulation that starts threads is found out.
 */
public final class VirtualEnvironment implements Environment {
    /** {@link #nanoTime()} at the start. Not zero, so that a field that was never set is not taken for a time. */
    public static final long ORIGIN = 1_000_000_000_000L;

    /** {@link #wallTime()} at the start. */
    public static final Instant WALL_ORIGIN = Instant.parse("2024-02-29T23:59:00Z");

    private static final int LIVELOCK = 1_000_000;
    private static final int HISTORY = 40;

    /** Where a task runs. */
    public enum Pool {
        MAILBOX,
        PLUGIN,
        DELIVERY,
        PUBLISHING,
        /** Threads of a simulated transport. */
        SELECTOR,
        /** The timer thread. */
        TIMER
    }

    private record Key(long due, long number) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int byTime = Long.compare(due, other.due);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    private final long seed;
    private final Thread owner = Thread.currentThread();
    private final SplittableRandom order;
    private final SplittableRandom chance;
    private final SplittableRandom told;
    private final Map<Pool, ArrayList<Runnable>> waiting = new EnumMap<>(Pool.class);
    private final Map<Pool, Integer> weights = new EnumMap<>(Pool.class);
    private final Map<Pool, Long> stalledUntil = new EnumMap<>(Pool.class);
    private final TreeMap<Key, Runnable> timers = new TreeMap<>();
    private final TreeMap<Key, Runnable> world = new TreeMap<>();

    /** The last steps, in rings: texts would cost more than the steps. */
    private final long[] historyTime = new long[HISTORY];

    private final String[] historyWhere = new String[HISTORY];
    private final Class<?>[] historyTask = new Class<?>[HISTORY];

    private long now = ORIGIN;
    private Duration wallOffset = Duration.ZERO;
    private long numbers;
    private long steps;
    private long stepsHere;
    private long maxStepCost;
    private long trace = 17;
    private boolean inTask;

    public VirtualEnvironment(long seed) {
        this.seed = seed;
        SplittableRandom root = new SplittableRandom(seed);
        order = root.split();
        chance = root.split();
        told = root.split();
        for (Pool pool : Pool.values()) {
            waiting.put(pool, new ArrayList<>());
            weights.put(pool, 1 << (2 * order.nextInt(3)));
            stalledUntil.put(pool, Long.MIN_VALUE);
        }
    }

    public long seed() {
        return seed;
    }

    @Override
    public long nanoTime() {
        checkThread();
        return now;
    }

    @Override
    public Instant wallTime() {
        return WALL_ORIGIN.plusNanos(nanoTime() - ORIGIN).plus(wallOffset);
    }

    /** Drawn from the seed, independent of the order of tasks. */
    @Override
    public RandomGenerator random() {
        checkThread();
        return chance;
    }

    @Override
    public Cancellable schedule(long delayNanos, Runnable task) {
        return put(timers, delayNanos, task);
    }

    /** An event outside of the process after the delay, in nanoseconds; at once (at the next step) for zero. */
    public Cancellable world(long delayNanos, Runnable event) {
        return put(world, delayNanos, event);
    }

    private Cancellable put(TreeMap<Key, Runnable> queue, long delayNanos, Runnable task) {
        checkThread();
        long delay = Math.max(0, delayNanos);
        // Saturates: a delay of Long.MAX_VALUE is "never", not the past.
        Key key = new Key(delay > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + delay, ++numbers);
        queue.put(key, task);
        return () -> {
            checkThread();
            queue.remove(key);
        };
    }

    @Override
    public Executor mailboxes() {
        return pool(Pool.MAILBOX);
    }

    /** Drawn from the seed, so that both orders happen; never while the mailboxes hang. */
    @Override
    public boolean worksWhereTold() {
        checkThread();
        return stalledUntil.get(Pool.MAILBOX) <= now && told.nextBoolean();
    }

    @Override
    public Executor plugins() {
        return pool(Pool.PLUGIN);
    }

    @Override
    public Executor deliveries() {
        return pool(Pool.DELIVERY);
    }

    @Override
    public Executor publishing() {
        return pool(Pool.PUBLISHING);
    }

    /** Tasks in any order, as if the pool had a thread for each. */
    public Executor pool(Pool pool) {
        return task -> post(pool, task);
    }

    /** Tasks one after another in the order they were posted: a simulated connection's callbacks, for example. */
    public Executor serial(Pool pool) {
        ArrayDeque<Runnable> queue = new ArrayDeque<>();
        Runnable[] runner = new Runnable[1];
        runner[0] = () -> {
            // The next is posted first: it must run although this one throws.
            Runnable task = queue.remove();
            if (!queue.isEmpty()) {
                post(pool, runner[0]);
            }
            task.run();
        };
        return task -> {
            queue.add(task);
            if (queue.size() == 1) {
                post(pool, runner[0]);
            }
        };
    }

    private void post(Pool pool, Runnable task) {
        checkThread();
        waiting.get(pool).add(Objects.requireNonNull(task));
    }

    /** Each step moves the clock by 0 to this many nanoseconds; initially 0. */
    public void stepCost(long maxNanos) {
        maxStepCost = maxNanos;
    }

    /** Starts no task of the pool for that long from now: its threads hang. Others go on. A longer stall in force remains. */
    public void stall(Pool pool, Duration span) {
        checkThread();
        stalledUntil.merge(pool, now + span.toNanos(), Math::max);
    }

    /** Starts no task and no timer for that long from now, as if the process was suspended; the world goes on. */
    public void pauseProcess(Duration span) {
        for (Pool pool : Pool.values()) {
            stall(pool, span);
        }
    }

    /** Moves the wall clock alone, in either direction. */
    public void jumpWallClock(Duration by) {
        wallOffset = wallOffset.plus(by);
    }

    /** The running task takes that long: the clock moves and the world goes on, before this returns. */
    public void spend(long nanos) {
        checkThread();
        long until = now + nanos;
        while (!world.isEmpty() && world.firstKey().due() <= until) {
            runWorld();
        }
        moveTo(until);
    }

    /**
     * The running task is stuck so long: other tasks, timers and the world go on meanwhile, as its thread is not theirs. One that
     * is stuck itself meanwhile comes back first. Not for a task that holds a lock.
     */
    public void hang(Duration span) {
        checkThread();
        boolean outer = inTask;
        inTask = false;
        try {
            runFor(span);
        } finally {
            inTask = outer;
        }
    }

    /** Runs everything that happens up to and at that time; then the clock shows it, or later by the cost of the last step. */
    public void runUntil(long nanoTime) {
        enter();
        while (now <= nanoTime) {
            if (!step()) {
                long next = nextTime();
                if (next > nanoTime) {
                    break;
                }
                moveTo(next);
            }
        }
        moveTo(nanoTime);
    }

    /** {@link #runUntil} that long from now. */
    public void runFor(Duration span) {
        runUntil(now + span.toNanos());
    }

    /** Runs what can run now, without waiting for later timers, world events or stalled pools. */
    public void runUntilIdle() {
        enter();
        while (step()) {
            // Each step may make others possible.
        }
    }

    /** Runs until nothing at all is left or the time is reached; returns whether nothing is left. */
    public boolean runUntilQuiet(long nanoTime) {
        enter();
        while (now <= nanoTime) {
            if (!step()) {
                long next = nextTime();
                if (next == Long.MAX_VALUE) {
                    return timers.isEmpty() && world.isEmpty();
                }
                if (next > nanoTime) {
                    break;
                }
                moveTo(next);
            }
        }
        return false;
    }

    /** Runs one due world event, timer or waiting task; false if there is none now. */
    public boolean step() {
        enter();
        if (!world.isEmpty() && world.firstKey().due() <= now) {
            runWorld();
            return true;
        }
        long total = 0;
        for (Pool pool : Pool.values()) {
            total += weight(pool);
        }
        if (total == 0) {
            return false;
        }
        long pick = order.nextLong(total);
        for (Pool pool : Pool.values()) {
            long weight = weight(pool);
            if (pick < weight) {
                run(pool, take(pool));
                return true;
            }
            pick -= weight;
        }
        throw new IllegalStateException("weights changed while choosing");
    }

    /** Chance of the pool: its weight for each task that could start now. */
    private long weight(Pool pool) {
        if (stalledUntil.get(pool) > now) {
            return 0;
        }
        boolean timer =
                pool == Pool.TIMER && !timers.isEmpty() && timers.firstKey().due() <= now;
        return (long) weights.get(pool) * (waiting.get(pool).size() + (timer ? 1 : 0));
    }

    private Runnable take(Pool pool) {
        if (pool == Pool.TIMER && waiting.get(pool).isEmpty()) {
            return timers.pollFirstEntry().getValue();
        }
        ArrayList<Runnable> tasks = waiting.get(pool);
        Runnable last = tasks.remove(tasks.size() - 1);
        int index = order.nextInt(tasks.size() + 1);
        return index == tasks.size() ? last : tasks.set(index, last);
    }

    private void run(Pool pool, Runnable task) {
        note(pool.name(), task);
        inTask = true;
        try {
            task.run();
        } catch (Throwable e) {
            throw fault(pool + " threw " + e, e);
        } finally {
            inTask = false;
        }
        if (maxStepCost > 0) {
            spend(order.nextLong(maxStepCost + 1));
        }
    }

    private void runWorld() {
        var entry = world.pollFirstEntry();
        moveTo(entry.getKey().due());
        note("WORLD", entry.getValue());
        boolean outer = inTask;
        inTask = true;
        try {
            entry.getValue().run();
        } catch (Throwable e) {
            throw fault("the world threw " + e, e);
        } finally {
            inTask = outer;
        }
    }

    private void note(String where, Runnable task) {
        steps++;
        trace = (trace * 31 + where.hashCode()) * 31 + now;
        int slot = (int) (steps % HISTORY);
        historyTime[slot] = now;
        historyWhere[slot] = where;
        historyTask[slot] = task.getClass();
        if (++stepsHere > LIVELOCK) {
            throw fault("livelock: " + LIVELOCK + " steps and the clock stands still", null);
        }
    }

    /** The next moment at which something could happen; {@link Long#MAX_VALUE} for never. Only sound when nothing can now. */
    private long nextTime() {
        long next = world.isEmpty() ? Long.MAX_VALUE : world.firstKey().due();
        for (Pool pool : Pool.values()) {
            long resumed = stalledUntil.get(pool);
            if (!waiting.get(pool).isEmpty()) {
                next = Math.min(next, resumed);
            }
            if (pool == Pool.TIMER && !timers.isEmpty()) {
                next = Math.min(next, Math.max(resumed, timers.firstKey().due()));
            }
        }
        return next;
    }

    private void moveTo(long time) {
        if (time > now) {
            now = time;
            stepsHere = 0;
        }
    }

    private void enter() {
        checkThread();
        if (inTask) {
            throw new IllegalStateException("a task must not run others");
        }
    }

    private void checkThread() {
        if (Thread.currentThread() != owner) {
            throw new IllegalStateException(
                    "called on " + Thread.currentThread().getName() + ", not on the simulation's thread");
        }
    }

    private SimulationFault fault(String what, Throwable cause) {
        if (cause instanceof SimulationFault nested) {
            return nested;
        }
        StringBuilder text = new StringBuilder("seed " + seed + ", step " + steps + ", +" + elapsed() + ": " + what);
        for (long step = Math.max(1, steps - HISTORY + 1); step <= steps; step++) {
            int slot = (int) (step % HISTORY);
            text.append("\n  ")
                    .append(Duration.ofNanos(historyTime[slot] - ORIGIN))
                    .append(' ');
            text.append(historyWhere[slot]).append(' ').append(historyTask[slot].getName());
        }
        return new SimulationFault(text.toString(), cause);
    }

    /** Time since the start. */
    public Duration elapsed() {
        return Duration.ofNanos(now - ORIGIN);
    }

    /** Timers that were set, and neither fired nor were cancelled. For leak checks. */
    public int pendingTimers() {
        return timers.size();
    }

    /** At how many different times these will fire. */
    public long timerInstants() {
        return timers.keySet().stream().mapToLong(Key::due).distinct().count();
    }

    public int pendingWorld() {
        return world.size();
    }

    /** Tasks posted and not begun. */
    public int pendingTasks() {
        return waiting.values().stream().mapToInt(List::size).sum();
    }

    public int pendingTasks(Pool pool) {
        return waiting.get(pool).size();
    }

    /** Tasks, timers and world events run so far. */
    public long steps() {
        return steps;
    }

    /** A hash over what ran where and when: equal for equal runs. */
    public long trace() {
        return trace;
    }

    /** What ended a run; its message replays it. */
    public static final class SimulationFault extends AssertionError {
        private static final long serialVersionUID = 1L;

        SimulationFault(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
