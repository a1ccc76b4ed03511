// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.Cause;
import io.holdfast.api.heartbeat.Expectation;
import io.holdfast.api.heartbeat.SetupStep;
import io.holdfast.client.lanes.Environment;
import io.holdfast.client.lanes.Environment.Cancellable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Sends one connection's set-up steps in order, each after the answer to the one before. Confined to the mailbox. */
final class SetupRun {
    private final Connection connection;
    private final Ids ids;
    private final Environment environment;
    private final Executor mailbox;
    private final Runnable onDone;
    private final Consumer<Cause> onFailed;
    private final Deque<SetupStep> waiting = new ArrayDeque<>(0);
    private final Set<String> acknowledged;
    private SetupStep underWay;
    private long writtenAt;
    private Cancellable limit = Cancellable.NONE;
    private boolean ended;

    /** @param acknowledged what holds on this connection already */
    SetupRun(
            Connection connection,
            Ids ids,
            Environment environment,
            Executor mailbox,
            List<SetupStep> steps,
            List<String> acknowledged,
            Runnable onDone,
            Consumer<Cause> onFailed) {
        this.connection = connection;
        this.ids = ids;
        this.environment = environment;
        this.mailbox = mailbox;
        this.onDone = onDone;
        this.onFailed = onFailed;
        waiting.addAll(steps);
        this.acknowledged = new LinkedHashSet<>(acknowledged);
    }

    void begin() {
        next();
    }

    /** Other steps than those given, before it began. */
    void replace(List<SetupStep> steps) {
        waiting.clear();
        waiting.addAll(steps);
    }

    /**
     * Steps of a heartbeat that came to a living connection: those that do not hold on it already.
     *
     * @return whether there are any
     */
    boolean insert(List<SetupStep> steps) {
        List<SetupStep> missing = new ArrayList<>();
        for (SetupStep step : steps) {
            // A greeting comes when a connection opens, or never.
            boolean known = step.text().isEmpty()
                    || acknowledged.contains(step.text())
                    || waiting.contains(step)
                    || (underWay != null && underWay.text().equals(step.text()));
            if (!known) {
                missing.add(step);
            }
        }
        for (int i = missing.size() - 1; i >= 0; i--) {
            waiting.addFirst(missing.get(i));
        }
        if (underWay == null && !missing.isEmpty()) {
            next();
        }
        return !missing.isEmpty();
    }

    List<String> acknowledged() {
        return List.copyOf(acknowledged);
    }

    void end() {
        ended = true;
        limit.cancel();
    }

    private void next() {
        SetupStep step = waiting.poll();
        while (step != null && step.expect().isEmpty()) {
            connection.sendNow(Ids.fill(step.text(), ids.next()), environment.nanoTime());
            acknowledged.add(step.text());
            step = waiting.poll();
        }
        underWay = step;
        if (step == null) {
            onDone.run();
        } else {
            ask(step);
        }
    }

    private void ask(SetupStep step) {
        if (step.text().isEmpty()) {
            Answers.Receiver greeted =
                    (accepted, shown, nanos) -> mailbox.execute(() -> answered(step, accepted, shown));
            connection.greetings().await(step, greeted);
            writtenAt = environment.nanoTime();
            arm(step, greeted);
            return;
        }
        String id = ids.next();
        String text = Ids.fill(step.text(), id);
        Expectation expectation = Ids.fill(step.expect().get(), id);
        Answers.Receiver receiver = (accepted, shown, nanos) -> mailbox.execute(() -> answered(step, accepted, shown));
        connection.answers.expect(expectation, receiver);
        connection.sendNow(text, environment.nanoTime(), new WhenSent(mailbox, () -> written(step, receiver)));
    }

    /** The server's time runs from here on: before, the process or the write may have been held up. */
    private void written(SetupStep step, Answers.Receiver receiver) {
        if (ended || underWay != step) {
            return;
        }
        writtenAt = environment.nanoTime();
        arm(step, receiver);
    }

    private void arm(SetupStep step, Answers.Receiver receiver) {
        limit.cancel();
        limit = environment.schedule(step.limit().toNanos(), () -> mailbox.execute(() -> expired(step, receiver)));
    }

    private void answered(SetupStep step, boolean accepted, String shown) {
        if (ended || underWay != step) {
            return;
        }
        limit.cancel();
        limit = Cancellable.NONE;
        if (!accepted) {
            fail("step '" + step.name() + "' was refused: " + shown);
            return;
        }
        acknowledged.add(step.text());
        next();
    }

    private void expired(SetupStep step, Answers.Receiver receiver) {
        if (ended || underWay != step) {
            return;
        }
        // The answer may have come while the process was paused; one more read pass tells.
        connection.afterReadPass(() -> mailbox.execute(() -> overdue(step, receiver)));
    }

    private void overdue(SetupStep step, Answers.Receiver receiver) {
        if (ended || underWay != step) {
            return;
        }
        long held = connection.traffic.held();
        long from = held - writtenAt > 0 ? held : writtenAt;
        if (environment.nanoTime() - from < step.limit().toNanos()) {
            // Slow listeners kept us from reading it.
            arm(step, receiver);
            return;
        }
        connection.answers.forget(receiver);
        fail("step '" + step.name() + "' was not answered within "
                + step.limit().toMillis() + " ms");
    }

    private void fail(String message) {
        end();
        onFailed.accept(Cause.of(Cause.Kind.SETUP, message));
    }
}
