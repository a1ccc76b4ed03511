// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Runs a core on a virtual clock: a mailbox, and children that answer at once unless told otherwise. */
final class CoreDriver {
    final SupervisorCore core;
    /** Near the end of its range, so that every test also sees the clock wrap around. */
    long now = Long.MAX_VALUE - Duration.ofSeconds(30).toNanos();
    /** Set to false, orders stay unanswered. */
    boolean answering = true;

    private final Map<String, Deque<StartOutcome>> outcomes = new HashMap<>();
    private final Deque<SupervisorMessage> mailbox = new ArrayDeque<>();
    private List<SupervisorAction> seen = new ArrayList<>();
    private long tokens;

    CoreDriver(SupervisorSpec spec) {
        core = new SupervisorCore(spec);
    }

    /** A supervisor with these permanent children, running. */
    static CoreDriver running(SupervisorSpec spec, String... ids) {
        CoreDriver driver = new CoreDriver(spec);
        driver.tell(new SupervisorMessage.Init(
                List.of(ids).stream().map(CoreDriver::permanent).toList()));
        return driver;
    }

    static ChildSpec permanent(String id) {
        return ChildSpec.worker(id, RestartType.PERMANENT);
    }

    /** The next starts of the child end like this, later ones succeed. */
    void plan(String id, StartOutcome... next) {
        outcomes.computeIfAbsent(id, key -> new ArrayDeque<>()).addAll(List.of(next));
    }

    /** Handles the messages and whatever follows from them; all actions, in order. */
    List<SupervisorAction> tell(SupervisorMessage... messages) {
        seen = new ArrayList<>();
        mailbox.addAll(List.of(messages));
        drain();
        return seen;
    }

    /** Lets time pass, with a tick whenever the core wants one; all actions on the way. */
    List<SupervisorAction> pass(Duration time) {
        seen = new ArrayList<>();
        long end = now + time.toNanos();
        for (OptionalLong wake = core.nextWakeNanos();
                wake.isPresent() && wake.getAsLong() - end <= 0;
                wake = core.nextWakeNanos()) {
            now = wake.getAsLong() - now > 0 ? wake.getAsLong() : now;
            mailbox.add(new SupervisorMessage.Tick());
            drain();
        }
        now = end;
        return seen;
    }

    /** The running child fails. */
    List<SupervisorAction> crash(String id) {
        return exit(id, ExitReason.crash("boom"));
    }

    List<SupervisorAction> exit(String id, ExitReason reason) {
        return tell(new SupervisorMessage.Exit(id, incarnation(id), reason));
    }

    long token() {
        return ++tokens;
    }

    /** Makes a call of which only the answer is wanted. */
    CallResult call(SupervisorMessage.Call call) {
        return tell(call).stream()
                .filter(SupervisorAction.Reply.class::isInstance)
                .map(SupervisorAction.Reply.class::cast)
                .filter(reply -> reply.token() == call.token())
                .findFirst()
                .orElseThrow()
                .result();
    }

    ChildView child(String id) {
        return core.child(id, now).orElseThrow();
    }

    ChildStatus status(String id) {
        return child(id).status();
    }

    long incarnation(String id) {
        return child(id).incarnation();
    }

    private void drain() {
        while (!mailbox.isEmpty()) {
            handle(mailbox.poll());
        }
    }

    private void handle(SupervisorMessage message) {
        for (SupervisorAction action : core.handle(message, now)) {
            seen.add(action);
            if (action instanceof SupervisorAction.EnqueueRetry retry) {
                mailbox.add(new SupervisorMessage.Retry(retry.childId()));
            } else if (answering && action instanceof SupervisorAction.Start start) {
                Deque<StartOutcome> planned = outcomes.getOrDefault(start.childId(), new ArrayDeque<>());
                StartOutcome outcome = planned.isEmpty() ? StartOutcome.STARTED : planned.poll();
                handle(new SupervisorMessage.StartResult(start.childId(), start.incarnation(), outcome));
            } else if (answering && action instanceof SupervisorAction.Stop stop) {
                handle(new SupervisorMessage.StopResult(stop.childId(), stop.incarnation(), stop.reason()));
            }
        }
    }
}
