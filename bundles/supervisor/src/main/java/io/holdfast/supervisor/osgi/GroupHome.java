// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.osgi;

import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.api.supervision.Child;
import io.holdfast.api.supervision.Supervisor;
import io.holdfast.supervisor.group.Group;
import io.holdfast.supervisor.group.GroupOptions;
import io.holdfast.supervisor.group.Parenthood;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.framework.Constants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The group of one configuration, over all changes of it. A change that cannot be accepted leaves the options in force; another name
 * is another group. Called by SCR, one call at a time.
 */
final class GroupHome {
    private record Current(
            GroupOptions options,
            Group group,
            ChildTracking children,
            Offer<Supervisor> supervisor,
            Offer<Child> asChild) {}

    private final Logger logger = LoggerFactory.getLogger(GroupComponent.class);
    private final SupervisorRuntime runtime;
    private final String pid;

    /** Services are registered here, in order. */
    private final Executor lane;

    private volatile Current current;

    /** @throws InvalidOptionException if the configuration cannot be accepted: there is no group then */
    GroupHome(SupervisorRuntime runtime, Map<String, Object> properties) {
        this.runtime = runtime;
        this.pid = String.valueOf(properties.get(Constants.SERVICE_PID));
        GroupOptions options = GroupOptions.of(properties, pid);
        claim(options);
        this.lane = runtime.threads().lane("Services of " + pid);
        this.current = create(options);
    }

    /** Once, after everything was built. */
    void begin() {
        open(current);
        runtime.opened(pid, this);
    }

    private Current create(GroupOptions options) {
        String name = options.group();
        Group group = new Group(options, runtime.threads().ofGroup(name), runtime.world(name));
        return new Current(
                options,
                group,
                new ChildTracking(runtime.context(), group),
                new Offer<>(runtime.context(), Supervisor.class, group, lane),
                new Offer<>(runtime.context(), Child.class, group.asChild(), lane));
    }

    private void open(Current now) {
        now.children().open();
        now.supervisor().show(Optional.of(Map.of(Child.GROUP, now.group().group())));
        now.asChild().show(now.options().parenthood().map(GroupHome::properties));
    }

    private static Map<String, Object> properties(Parenthood parenthood) {
        return Map.of(
                Child.ID,
                parenthood.spec().id(),
                Child.GROUP,
                parenthood.parent(),
                Child.ORDER,
                parenthood.spec().order(),
                // Not for anybody to read: it makes the parent look again when they change.
                "child.restart",
                parenthood.spec().restart().name().toLowerCase(java.util.Locale.ROOT),
                "child.significant",
                parenthood.spec().significant());
    }

    /** Never throws. */
    void modified(Map<String, Object> properties) {
        Current before = current;
        try {
            GroupOptions options = GroupOptions.of(properties, pid);
            if (options.equals(before.options())) {
                // Whoever touches the configuration of a group that has ended wants it back.
                before.group().revive();
                return;
            }
            claim(options);
            if (options.group().equals(before.options().group())) {
                before.group().reconfigure(options);
                current =
                        new Current(options, before.group(), before.children(), before.supervisor(), before.asChild());
                before.asChild().show(options.parenthood().map(GroupHome::properties));
            } else {
                leave(before);
                runtime.registry().release(pid, before.options().group());
                current = create(options);
                open(current);
            }
        } catch (InvalidOptionException e) {
            logger.warn(
                    "Group {}: the options in force stay: {}", before.options().group(), e.getMessage());
        }
    }

    private void claim(GroupOptions options) {
        runtime.registry().claim(pid, options.group(), options.parenthood().map(Parenthood::parent));
    }

    /** Ends supervision; the children go on as they are. */
    void close() {
        runtime.closed(pid);
        leave(current);
        runtime.registry().release(pid, current.options().group());
    }

    private void leave(Current last) {
        last.children().close();
        CompletionStage<Void> withdrawn = last.supervisor()
                .show(Optional.empty())
                .thenCombine(last.asChild().show(Optional.empty()), (a, b) -> a)
                .thenCombine(last.group().close(), (a, b) -> a);
        try {
            withdrawn.toCompletableFuture().get(runtime.patience(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            logger.warn(
                    "Group {}: somebody blocks its end; it goes on in the background",
                    last.group().group());
        } catch (ExecutionException e) {
            logger.warn("Group {}: {}", last.group().group(), e.getMessage());
        }
    }

    long stopLimitNanos() {
        return current.options().stopLimit().toNanos();
    }

    /** For the stop of the whole container. */
    CompletionStage<Void> stop() {
        return current.group().stop();
    }
}
