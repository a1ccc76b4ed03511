// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/**
 * One scenario of the corpus played against a {@link SupervisorTree} on a virtual clock: mailbox, children and observer.
 * Comparing is all it does with the recorded observations.
 */
final class ScenarioReplay {
    private static final long TOLERANCE_MS = 60;
    /** The longest event of the corpus takes less than a hundred; a core gone wrong may go round for ever. */
    private static final int STEPS_OF_ONE_EVENT = 5_000;

    /** When answers to orders reach the core. */
    enum Answers {
        /** At once: as in OTP, where a start blocks. */
        AT_ONCE,
        /** After everything else that is in the mailbox: the core itself must keep the rest waiting. */
        LAST
    }

    private record Envelope(String supervisor, SupervisorMessage message) {}

    private record Death(long atMs, String supervisor, String childId, long incarnation) {}

    private record Request(JsonObject spec, long token) {}

    private record Incarnation(String childId, long token) {}

    private final JsonObject scenario;
    private final Answers answers;
    private final boolean dynamic;
    private final SupervisorTree tree;
    private final long phaseMs;
    private final Known known;
    private final Recorder recorder;
    private long clockMs;
    private final Deque<Envelope> mailbox = new ArrayDeque<>();
    private final Deque<Envelope> owed = new ArrayDeque<>();
    private final PriorityQueue<Death> deaths = new PriorityQueue<>(Comparator.comparingLong(Death::atMs));
    /** Present children by supervisor and id. */
    private final Map<String, Map<String, SimulatedChild>> children = new HashMap<>();

    private final Map<String, Deque<Request>> requested = new HashMap<>();
    private final Map<String, List<Incarnation>> startsOfLabel = new HashMap<>();
    private long tokens;
    private int dynamicIds;
    /** A dynamic supervisor stops its children because it ends, not because it was asked to stop one. */
    private boolean stoppingAll;

    ScenarioReplay(JsonObject scenario, boolean wholeSeconds, Answers answers) {
        this.scenario = scenario;
        this.answers = answers;
        this.phaseMs = scenario.get("phaseMs").getAsLong();
        SupervisorTree.Node root = ScenarioSpecs.node(scenario, wholeSeconds);
        this.dynamic = root.spec().strategy().isDynamic();
        this.tree = new SupervisorTree(root);
        this.known = new Known(scenario);
        this.recorder = new Recorder();
        known.supervisors().forEach(this::reinstate);
    }

    /** Plays it; the first difference, if there is one. */
    Optional<String> firstDifference() {
        JsonArray observed = scenario.getAsJsonArray("observed");
        JsonArray events = scenario.getAsJsonArray("events");
        recorder.begin();
        perform(tree.init(now()));
        settle();
        Optional<String> difference = compare(-1, observed.get(0).getAsJsonObject());
        for (int i = 0; i < events.size() && difference.isEmpty(); i++) {
            JsonObject event = events.get(i).getAsJsonObject();
            recorder.begin();
            clockMs = Math.max(clockMs, event.get("atMs").getAsLong());
            post(event);
            settle();
            difference = compare(i, observed.get(i + 1).getAsJsonObject());
        }
        return difference;
    }

    private long now() {
        return TimeUnit.MILLISECONDS.toNanos(phaseMs + clockMs);
    }

    // ---- events

    private void post(JsonObject event) {
        List<JsonObject> items = new ArrayList<>();
        if (event.get("kind").getAsString().equals("batch")) {
            event.getAsJsonArray("items").forEach(item -> items.add(item.getAsJsonObject()));
        } else {
            items.add(event);
        }
        List<Envelope> posted = new ArrayList<>();
        items.forEach(item -> posted.add(envelope(item)));
        mailbox.addAll(posted);
    }

    private Envelope envelope(JsonObject item) {
        String kind = item.get("kind").getAsString();
        if (kind.equals("exit")) {
            return exit(
                    item.get("child").getAsString(),
                    ScenarioSpecs.reason(item.get("reason").getAsString()));
        }
        if (kind.equals("stop")) {
            return new Envelope(
                    SupervisorTree.ROOT,
                    new SupervisorMessage.Shutdown(
                            ScenarioSpecs.reason(item.get("reason").getAsString())));
        }
        long token = ++tokens;
        recorder.called(token);
        String supervisor = item.has("sup") ? item.get("sup").getAsString() : SupervisorTree.ROOT;
        return new Envelope(supervisor, call(kind, item, supervisor, token));
    }

    private Envelope exit(String label, ExitReason reason) {
        for (Map.Entry<String, Map<String, SimulatedChild>> group : children.entrySet()) {
            for (Map.Entry<String, SimulatedChild> entry : group.getValue().entrySet()) {
                SimulatedChild child = entry.getValue();
                if (child.label.equals(label) && child.alive) {
                    child.die(reason);
                    return new Envelope(
                            group.getKey(), new SupervisorMessage.Exit(entry.getKey(), child.incarnation, reason));
                }
            }
        }
        throw new IllegalStateException("nobody runs as " + label);
    }

    private SupervisorMessage call(String kind, JsonObject item, String supervisor, long token) {
        String label = item.has("child") ? item.get("child").getAsString() : "";
        return switch (kind) {
            case "start_child" -> startChild(item.getAsJsonObject("spec"), supervisor, token);
            case "terminate_child" ->
                dynamic
                        ? terminate(label, item.get("instance").getAsInt(), token)
                        : new SupervisorMessage.TerminateChild(token, label);
            case "restart_child" -> new SupervisorMessage.RestartChild(token, label);
            case "delete_child" -> new SupervisorMessage.DeleteChild(token, label);
            case "which_children" -> new SupervisorMessage.WhichChildren(token);
            case "count_children" -> new SupervisorMessage.CountChildren(token);
            default -> throw new IllegalArgumentException("unknown event " + kind);
        };
    }

    private SupervisorMessage startChild(JsonObject given, String supervisor, long token) {
        JsonObject spec = given.deepCopy();
        if (scenario.has("template")) {
            scenario.getAsJsonObject("template")
                    .entrySet()
                    .forEach(field -> spec.add(field.getKey(), field.getValue()));
        }
        String label = spec.get("id").getAsString();
        known.mention(supervisor, label);
        // Dynamic children have no ids in OTP, ours must differ.
        String id = dynamic ? label + "#" + ++dynamicIds : label;
        requested
                .computeIfAbsent(supervisor + "/" + id, key -> new ArrayDeque<>())
                .add(new Request(spec, token));
        return new SupervisorMessage.StartChild(token, ScenarioSpecs.child(spec, id));
    }

    private SupervisorMessage terminate(String label, int instance, long token) {
        Incarnation meant = startsOfLabel.get(label).get(instance - 1);
        return new SupervisorMessage.TerminateChild(token, meant.childId(), meant.token());
    }

    // ---- mailbox and clock

    private void settle() {
        for (int steps = 0; ; steps++) {
            if (steps > STEPS_OF_ONE_EVENT) {
                throw new IllegalStateException("no end of it");
            }
            if (!mailbox.isEmpty()) {
                deliver(mailbox.poll());
            } else if (!owed.isEmpty()) {
                deliver(owed.poll());
            } else if (!advance()) {
                return;
            }
        }
    }

    private void deliver(Envelope envelope) {
        SupervisorMessage message = envelope.message();
        if (message instanceof SupervisorMessage.CountChildren count) {
            List<Long> ended = children.get(envelope.supervisor()).values().stream()
                    .flatMap(child -> child.dead.stream())
                    .toList();
            message = new SupervisorMessage.CountChildren(count.token(), java.util.Set.copyOf(ended));
        }
        stoppingAll = dynamic && !(message instanceof SupervisorMessage.TerminateChild);
        perform(tree.handle(envelope.supervisor(), message, now()));
    }

    /** Lets the time pass to the next thing that is to happen. */
    private boolean advance() {
        Death death = deaths.peek();
        long wakeMs = tree.nextWakeNanos().isEmpty()
                ? Long.MAX_VALUE
                : TimeUnit.NANOSECONDS.toMillis(tree.nextWakeNanos().getAsLong()) - phaseMs;
        if (death == null && wakeMs == Long.MAX_VALUE) {
            return false;
        }
        if (death != null && death.atMs() <= wakeMs) {
            deaths.poll();
            clockMs = death.atMs();
            SimulatedChild child = children.get(death.supervisor()).get(death.childId());
            if (child != null && child.alive && child.incarnation == death.incarnation()) {
                stopped(death.supervisor(), death.childId(), child, child.stopReason());
            }
        } else {
            clockMs = wakeMs;
            perform(tree.tick(now()));
        }
        return true;
    }

    // ---- actions

    private void perform(List<SupervisorTree.TreeAction> actions) {
        for (SupervisorTree.TreeAction action : actions) {
            if (action instanceof SupervisorTree.TreeAction.Act act) {
                perform(act.supervisor(), act.action());
            } else if (action instanceof SupervisorTree.TreeAction.Enqueue enqueue) {
                mailbox.add(new Envelope(enqueue.supervisor(), enqueue.message()));
            } else if (action instanceof SupervisorTree.TreeAction.Up up) {
                known.countStart(up.supervisor());
                recorder.record("start", up.supervisor());
            } else if (action instanceof SupervisorTree.TreeAction.NotUp notUp) {
                recorder.record("startFail", notUp.supervisor(), "error");
                reinstate(notUp.supervisor());
            } else if (action instanceof SupervisorTree.TreeAction.Down down) {
                recorder.record(
                        down.ordered() ? "terminate" : "exit", down.supervisor(), ScenarioSpecs.word(down.reason()));
                reinstate(down.supervisor());
            }
        }
    }

    private void perform(String supervisor, SupervisorAction action) {
        if (action instanceof SupervisorAction.Start start) {
            start(supervisor, start.childId(), start.incarnation());
        } else if (action instanceof SupervisorAction.Stop stop) {
            stop(supervisor, stop);
        } else if (action instanceof SupervisorAction.Reply reply) {
            requested.values().forEach(queue -> queue.removeIf(request -> request.token() == reply.token()));
            recorder.reply(reply.token(), dynamic, reply.result());
        } else if (action instanceof SupervisorAction.Removed removed) {
            children.get(supervisor).remove(removed.childId());
        } else if (action instanceof SupervisorAction.StopOverdue overdue) {
            throw new IllegalStateException("all children answer: " + overdue);
        }
    }

    /** Back to what the supervisor is made of: the same specifications, with their attempts. */
    private void reinstate(String supervisor) {
        children.put(supervisor, new HashMap<>(known.declared(supervisor)));
    }

    private void start(String supervisor, String id, long token) {
        Deque<Request> requests = requested.get(supervisor + "/" + id);
        SimulatedChild child = children.get(supervisor)
                .computeIfAbsent(id, key -> new SimulatedChild(requests.peek().spec()));
        String outcome = child.nextAttempt();
        switch (outcome) {
            case "ok", "flap" -> {
                child.started(token);
                known.countStart(child.label);
                startsOfLabel
                        .computeIfAbsent(child.label, key -> new ArrayList<>())
                        .add(new Incarnation(id, token));
                recorder.record("start", child.label);
                if (outcome.equals("flap")) {
                    recorder.record("exit", child.label, "boom");
                    mailbox.add(exit(child.label, ScenarioSpecs.reason("boom")));
                }
                answer(supervisor, new SupervisorMessage.StartResult(id, token, StartOutcome.STARTED));
            }
            case "ignore" -> {
                recorder.record("ignore", child.label);
                answer(supervisor, new SupervisorMessage.StartResult(id, token, StartOutcome.IGNORED));
            }
            default -> {
                recorder.record("startFail", child.label, outcome);
                answer(supervisor, new SupervisorMessage.StartResult(id, token, StartOutcome.failed(outcome)));
            }
        }
    }

    private void stop(String supervisor, SupervisorAction.Stop stop) {
        SimulatedChild child = children.get(supervisor).get(stop.childId());
        if (!child.alive || child.incarnation != stop.incarnation()) {
            answer(supervisor, new SupervisorMessage.StopResult(stop.childId(), stop.incarnation(), child.diedWith));
        } else if (stop.limit().equals(ShutdownLimit.BRUTAL_KILL)) {
            stopped(supervisor, stop.childId(), child, ExitReason.KILLED);
        } else if (child.stopMillis() > 0) {
            deaths.add(new Death(clockMs + child.stopMillis(), supervisor, stop.childId(), stop.incarnation()));
        } else if (!child.hangs()) {
            stopped(supervisor, stop.childId(), child, child.stopReason());
        }
    }

    private void stopped(String supervisor, String id, SimulatedChild child, ExitReason reason) {
        child.die(reason);
        recorder.terminated(stoppingAll, child.label, ScenarioSpecs.word(reason), clockMs);
        answer(supervisor, new SupervisorMessage.StopResult(id, child.incarnation, reason));
    }

    private void answer(String supervisor, SupervisorMessage message) {
        if (answers == Answers.AT_ONCE) {
            perform(tree.handle(supervisor, message, now()));
        } else {
            owed.add(new Envelope(supervisor, message));
        }
    }

    // ---- comparing

    private Optional<String> compare(int after, JsonObject expected) {
        JsonObject seen = new JsonObject();
        seen.addProperty("after", after);
        Optional<SupervisorCore> root = tree.core(SupervisorTree.ROOT);
        Optional<SupervisorExit> exit = root.flatMap(SupervisorCore::exit);
        seen.addProperty("alive", exit.isEmpty());
        if (exit.isPresent()) {
            seen.addProperty("exitReason", ScenarioSpecs.word(exit.get()));
            seen.add("children", known.allAbsent());
        } else {
            seen.addProperty("restarts", root.orElseThrow().rememberedRestarts());
            seen.add("children", known.children(SupervisorTree.ROOT, tree, now(), dynamic));
        }
        recorder.finish(seen);
        JsonObject comparable = expected.deepCopy();
        JsonElement times = comparable.remove("actionsMs");
        if (!comparable.equals(seen)) {
            return Optional.of("after event " + after + "\n  recorded " + comparable + "\n  replayed " + seen);
        }
        return times == null ? Optional.empty() : compareTimes(after, times.getAsJsonArray());
    }

    private Optional<String> compareTimes(int after, JsonArray recorded) {
        List<Long> seen = recorder.deathTimes();
        boolean same = recorded.size() == seen.size();
        for (int i = 0; same && i < seen.size(); i++) {
            same = Math.abs(recorded.get(i).getAsLong() - seen.get(i)) <= TOLERANCE_MS;
        }
        return same
                ? Optional.empty()
                : Optional.of("after event " + after + ": died at " + seen + ", recorded " + recorded);
    }
}
