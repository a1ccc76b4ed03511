// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Supervisors that supervise supervisors: one core each, and the passing of messages between parent and child. Pure, and
 * confined to one mailbox, as a core is. Supervisors are named by their child id, unique in the tree; the topmost is {@link #ROOT}.
 */
public final class SupervisorTree {

    /** Name of the topmost supervisor. */
    public static final String ROOT = "";

    /**
     * A supervisor and what it starts with; a restart brings it back to exactly this.
     *
     * @param spec        its rules
     * @param children    its children in start order, supervisors among them
     * @param supervisors what the children that are supervisors are made of, by child id
     */
    public record Node(SupervisorSpec spec, List<ChildSpec> children, Map<String, Node> supervisors) {
        public Node {
            Objects.requireNonNull(spec, "spec");
            children = List.copyOf(children);
            supervisors = Map.copyOf(supervisors);
        }
    }

    /** What is to be done outside, or has happened inside. */
    public sealed interface TreeAction {
        /** An action of that supervisor; never a start or stop of a child that is a supervisor. */
        record Act(String supervisor, SupervisorAction action) implements TreeAction {}

        /** Put the message at the end of that supervisor's mailbox. */
        record Enqueue(String supervisor, SupervisorMessage message) implements TreeAction {}

        /** That supervisor and its children are up. */
        record Up(String supervisor) implements TreeAction {}

        /** That supervisor could not start; what it had started is down again. */
        record NotUp(String supervisor, SupervisorExit exit) implements TreeAction {}

        /** That supervisor has ended, its children before it; {@code ordered}: by its parent. */
        record Down(String supervisor, ExitReason reason, boolean ordered) implements TreeAction {}
    }

    /** A life of a supervisor; a restart begins another. */
    private static final class Instance {
        final String name;
        final Instance parent;
        final long incarnation;
        final Node node;
        final SupervisorCore core;
        boolean up;
        boolean ordered;

        Instance(String name, Instance parent, long incarnation, Node node, Incarnations incarnations) {
            this.name = name;
            this.parent = parent;
            this.incarnation = incarnation;
            this.node = node;
            this.core = new SupervisorCore(node.spec(), incarnations);
        }
    }

    private final Incarnations incarnations = new Incarnations();
    private final Map<String, Instance> live = new LinkedHashMap<>();
    private List<TreeAction> actions = new ArrayList<>();
    private long now;

    /** The topmost supervisor waits for its {@link #init}. */
    public SupervisorTree(Node root) {
        live.put(ROOT, new Instance(ROOT, null, 0, Objects.requireNonNull(root, "root"), incarnations));
    }

    /** Starts the tree; first of all calls. */
    public List<TreeAction> init(long nowNanos) {
        return handle(ROOT, new SupervisorMessage.Init(live.get(ROOT).node.children()), nowNanos);
    }

    /** Hands a message to that supervisor; one that is not there answers calls with {@code NO_PROCESS} and drops the rest. */
    public List<TreeAction> handle(String supervisor, SupervisorMessage message, long nowNanos) {
        now = nowNanos;
        Instance instance = live.get(supervisor);
        if (instance != null) {
            run(instance, message);
        } else if (message instanceof SupervisorMessage.Call call) {
            act(supervisor, new SupervisorAction.Reply(call.token(), CallResult.failure(CallResult.Error.NO_PROCESS)));
        }
        return takeActions();
    }

    /** Tells the time to every supervisor that wants it. */
    public List<TreeAction> tick(long nowNanos) {
        now = nowNanos;
        for (Instance instance : List.copyOf(live.values())) {
            OptionalLong wake = instance.core.nextWakeNanos();
            if (wake.isPresent() && wake.getAsLong() - now <= 0) {
                run(instance, new SupervisorMessage.Tick());
            }
        }
        return takeActions();
    }

    /** When {@link #tick} is wanted, if at all. */
    public OptionalLong nextWakeNanos() {
        OptionalLong earliest = OptionalLong.empty();
        for (Instance instance : live.values()) {
            OptionalLong wake = instance.core.nextWakeNanos();
            if (wake.isPresent() && (earliest.isEmpty() || wake.getAsLong() - earliest.getAsLong() < 0)) {
                earliest = wake;
            }
        }
        return earliest;
    }

    /** The core of that supervisor, if it is there; for reading. */
    public Optional<SupervisorCore> core(String supervisor) {
        return Optional.ofNullable(live.get(supervisor)).map(instance -> instance.core);
    }

    private void run(Instance instance, SupervisorMessage message) {
        for (SupervisorAction action : instance.core.handle(message, now)) {
            perform(instance, action);
        }
    }

    private void perform(Instance instance, SupervisorAction action) {
        if (action instanceof SupervisorAction.Start start
                && instance.node.supervisors().containsKey(start.childId())) {
            startSupervisor(instance, start);
        } else if (action instanceof SupervisorAction.Stop stop
                && instance.node.supervisors().containsKey(stop.childId())) {
            stopSupervisor(instance, stop);
        } else if (action instanceof SupervisorAction.EnqueueRetry retry) {
            actions.add(new TreeAction.Enqueue(instance.name, new SupervisorMessage.Retry(retry.childId())));
        } else if (action instanceof SupervisorAction.Initialised && instance.parent != null) {
            instance.up = true;
            actions.add(new TreeAction.Up(instance.name));
            run(instance.parent, startResult(instance, StartOutcome.STARTED));
        } else if (action instanceof SupervisorAction.Exited exited && instance.parent != null) {
            ended(instance, exited.exit());
        } else {
            act(instance.name, action);
        }
    }

    private void startSupervisor(Instance parent, SupervisorAction.Start start) {
        Node node = parent.node.supervisors().get(start.childId());
        Instance child = new Instance(start.childId(), parent, start.incarnation(), node, incarnations);
        live.put(child.name, child);
        run(child, new SupervisorMessage.Init(node.children()));
    }

    private void stopSupervisor(Instance parent, SupervisorAction.Stop stop) {
        Instance child = live.get(stop.childId());
        if (child == null || child.incarnation != stop.incarnation()) {
            run(parent, new SupervisorMessage.StopResult(stop.childId(), stop.incarnation(), ExitReason.SHUTDOWN));
        } else {
            child.ordered = true;
            run(child, new SupervisorMessage.Shutdown(stop.reason()));
        }
    }

    private void ended(Instance instance, SupervisorExit exit) {
        live.remove(instance.name, instance);
        if (instance.ordered) {
            actions.add(new TreeAction.Down(instance.name, exit.reason(), true));
            run(instance.parent, new SupervisorMessage.StopResult(instance.name, instance.incarnation, exit.reason()));
        } else if (!instance.up) {
            actions.add(new TreeAction.NotUp(instance.name, exit));
            run(
                    instance.parent,
                    startResult(instance, StartOutcome.failed(exit.reason().toString())));
        } else {
            actions.add(new TreeAction.Down(instance.name, exit.reason(), false));
            actions.add(new TreeAction.Enqueue(
                    instance.parent.name,
                    new SupervisorMessage.Exit(instance.name, instance.incarnation, exit.reason())));
        }
    }

    private static SupervisorMessage startResult(Instance instance, StartOutcome outcome) {
        return new SupervisorMessage.StartResult(instance.name, instance.incarnation, outcome);
    }

    private void act(String supervisor, SupervisorAction action) {
        actions.add(new TreeAction.Act(supervisor, action));
    }

    private List<TreeAction> takeActions() {
        List<TreeAction> taken = actions;
        actions = new ArrayList<>();
        return taken;
    }
}
