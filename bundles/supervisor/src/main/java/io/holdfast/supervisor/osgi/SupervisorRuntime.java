// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.osgi;

import io.holdfast.supervisor.group.GroupEvent;
import io.holdfast.supervisor.group.GroupWorld;
import java.io.File;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all groups of the container share. Its service is for this bundle only. Immediate, as a change of the only group would end one
 * that lives no longer than it is used.
 */
@Component(service = SupervisorRuntime.class, immediate = true)
public final class SupervisorRuntime {
    /** Well below the 5 s after which SCR gives a bundle up. */
    private static final long LEAVE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Logger logger = LoggerFactory.getLogger(SupervisorRuntime.class);
    private final BundleContext context;
    private final SupervisorThreads threads = new SupervisorThreads();
    private final GroupRegistry registry = new GroupRegistry();
    private final Optional<RestartMemory> memory;
    private final Executor news = threads.lane("Events of groups");
    private final List<Consumer<GroupEvent>> listeners = new CopyOnWriteArrayList<>();

    /** Groups that are there, by PID. */
    private final Map<String, GroupHome> homes = new ConcurrentHashMap<>();

    /** Groups whose configuration has changed, by PID, for the moment between two instances of {@link GroupComponent}. */
    private final Map<String, GroupHome> handedOver = new ConcurrentHashMap<>();

    private final ContainerStop containerStop;

    /** Set when the bundle is first seen to stop. Guarded by this. */
    private OptionalLong leaveUntil = OptionalLong.empty();

    @Activate
    public SupervisorRuntime(BundleContext context) {
        this.context = context;
        File directory = context.getDataFile("restarts");
        this.memory =
                Optional.ofNullable(directory).map(d -> new RestartMemory(d.toPath(), RestartMemory.thisProcess()));
        memory.ifPresent(RestartMemory::prune);
        this.containerStop = new ContainerStop(homes::values);
        context.addBundleListener(containerStop);
    }

    @Deactivate
    public void deactivate() {
        context.removeBundleListener(containerStop);
        handedOver.values().forEach(GroupHome::close);
        threads.close();
    }

    /** Nanoseconds that a group that goes may be waited for: 2 s, for all together when the bundle stops. */
    synchronized long patience() {
        boolean stopping = context.getBundle().getState() == Bundle.STOPPING;
        if (!stopping) {
            return LEAVE_NANOS;
        }
        long now = System.nanoTime();
        if (leaveUntil.isEmpty()) {
            leaveUntil = OptionalLong.of(now + LEAVE_NANOS);
        }
        return Math.max(0, leaveUntil.getAsLong() - now);
    }

    BundleContext context() {
        return context;
    }

    SupervisorThreads threads() {
        return threads;
    }

    GroupRegistry registry() {
        return registry;
    }

    void opened(String pid, GroupHome home) {
        homes.put(pid, home);
    }

    void closed(String pid) {
        homes.remove(pid);
    }

    /** Keeps a group for the next component of its configuration; it ends with this runtime at the latest. */
    void handOver(String pid, GroupHome home) {
        handedOver.put(pid, home);
    }

    Optional<GroupHome> takeOver(String pid) {
        return Optional.ofNullable(handedOver.remove(pid));
    }

    /** @param listener called in a lane of its own, one event after another */
    void listen(Consumer<GroupEvent> listener) {
        listeners.add(listener);
    }

    void listenNoMore(Consumer<GroupEvent> listener) {
        listeners.remove(listener);
    }

    GroupWorld world(String group) {
        return new GroupWorld() {
            @Override
            public void happened(GroupEvent event) {
                if (!listeners.isEmpty()) {
                    news.execute(() -> listeners.forEach(listener -> listener.accept(event)));
                }
            }

            @Override
            public void stopFramework(String name, String cause) {
                news.execute(() -> SupervisorRuntime.this.stopFramework(name, cause));
            }

            @Override
            public long[] recall(Whose whose) {
                return memory.map(m -> m.recall(group, whose)).orElseGet(() -> new long[0]);
            }

            @Override
            public void keep(Whose whose, long[] restarts) {
                memory.ifPresent(m -> m.keep(group, whose, restarts));
            }
        };
    }

    private void stopFramework(String group, String cause) {
        try {
            logger.error("The framework is stopped, as group {} says so: {}", group, cause);
            context.getBundle(0).stop();
        } catch (BundleException e) {
            logger.error("The framework cannot be stopped: {}", e.getMessage());
        }
    }
}
