// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import io.holdfast.api.supervision.Child;
import io.holdfast.client.lanes.SerialLane;
import io.holdfast.supervisor.group.Group;
import io.holdfast.supervisor.group.GroupOptions;
import io.holdfast.supervisor.group.GroupThreads;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;

/** The shipped supervisor group, found and lost by the children as services are: it may leave and return at any time. */
final class Supervision {
    static final String GROUP = "trading";

    private final VirtualEnvironment environment;
    private final Set<Child> published = new LinkedHashSet<>();
    private Optional<Group> group = Optional.empty();

    Supervision(VirtualEnvironment environment) {
        this.environment = environment;
    }

    void published(Child child) {
        published.add(child);
        group.ifPresent(g -> g.add(child));
    }

    void withdrawn(Child child) {
        published.remove(child);
        group.ifPresent(g -> g.remove(child));
    }

    int children() {
        return published.size();
    }

    Optional<Group> group() {
        return group;
    }

    /** Nothing if it is there already. */
    void come(Map<String, Object> options) {
        if (group.isEmpty()) {
            Group fresh = new Group(options(options), new Threads(environment));
            group = Optional.of(fresh);
            published.forEach(fresh::add);
        }
    }

    void reconfigure(Map<String, Object> options) {
        group.ifPresent(g -> g.reconfigure(options(options)));
    }

    /** As its bundle does when it stops: every child is let go, then the group ends. */
    void leave() {
        group.ifPresent(g -> {
            published.forEach(g::remove);
            g.close();
        });
        group = Optional.empty();
    }

    private static GroupOptions options(Map<String, Object> options) {
        return GroupOptions.of(options, GroupOptions.PID + "~" + GROUP);
    }

    private static final class Threads implements GroupThreads {
        private final VirtualEnvironment environment;
        private final SerialLane mailbox;

        private Threads(VirtualEnvironment environment) {
            this.environment = environment;
            this.mailbox = new SerialLane(environment.mailboxes(), fault -> {
                throw new AssertionError("the group's mailbox failed", fault);
            });
        }

        @Override
        public long nanoTime() {
            return environment.nanoTime();
        }

        @Override
        public Runnable schedule(long delayNanos, Runnable task) {
            var timer = environment.schedule(delayNanos, task);
            return timer::cancel;
        }

        @Override
        public Executor mailbox() {
            return mailbox;
        }

        @Override
        public Executor publishing() {
            return environment.publishing();
        }
    }
}
