// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.api.client.ConnectionEvent;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.ConnectionListener;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.supervision.Child;
import io.holdfast.itests.support.Bundles;
import io.holdfast.itests.support.Census;
import io.holdfast.itests.support.Configurations;
import io.holdfast.itests.support.Containers;
import io.holdfast.itests.support.FarSimulator;
import io.holdfast.itests.support.Repeats;
import io.holdfast.itests.support.Services;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Hashtable;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.condition.Condition;

/**
 * Many configured, supervised clients: 200 in every build, {@code -Dholdfast.itests.clients=10000} for the published figures. All come
 * up with their configurations, all go with their bundle and come back with it, all end with their configurations, and nothing is left.
 * Times and memory are printed and never asserted.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class ManyClientsIT {

    private static final int CLIENTS = Repeats.of("clients", 200);
    private static final String GROUP = "fleet";

    /** For nothing there is must be a thread for each client. */
    private static final int THREADS = 100;

    private static final Set<Type> TROUBLES =
            Set.of(Type.CONNECT_FAILED, Type.RECONNECTING, Type.EXITED, Type.GIVEN_UP);

    /** A tenth of a second for each client: no matter of speed. */
    private static final Duration LIMIT = Services.LIMIT.plusMillis(100L * CLIENTS);

    @Inject
    private BundleContext context;

    @Inject
    private ConfigurationAdmin admin;

    private final AtomicInteger ready = new AtomicInteger();

    /** None is expected. */
    private final Queue<ConnectionEvent> troubles = new ConcurrentLinkedQueue<>();

    @Configuration
    public Option[] configuration() {
        return Containers.standard(ManyClientsIT.class);
    }

    @Test
    public void many_clients_come_and_go() {
        Services services = new Services(context);
        Bundle client = new Bundles(context).named("io.holdfast.client");
        ServiceRegistration<ConnectionListener> listener = context.registerService(
                ConnectionListener.class,
                event -> {
                    ready.addAndGet(event.type() == Type.READY ? 1 : 0);
                    if (TROUBLES.contains(event.type())) {
                        troubles.add(event);
                    }
                },
                new Hashtable<>());
        try (FarSimulator simulator = new FarSimulator();
                Configurations configurations = new Configurations(admin)) {
            configurations.set(
                    Configurations.ENDPOINTS,
                    "loopback",
                    Map.of("host.patterns", "127.0.0.1", "attempts", 1000, "window", "100ms", "burst", 1000));
            configurations.set(Configurations.GROUP, GROUP, Map.of());
            services.supervisor(GROUP);
            warmUp(simulator, configurations, services);
            Census before = Census.atRest(context);
            long heap = heap();
            long direct = direct();
            Stopwatch watch = new Stopwatch();

            for (int i = 0; i < CLIENTS; i++) {
                configurations.set(Configurations.CLIENT, id(i), options(simulator, id(i)));
            }
            watch.lap("configured");
            awaitAll("ready", () -> ready.get() >= 1 + CLIENTS);
            watch.lap("all ready");
            assertConnected(simulator);
            assertThat(services.supervisor(GROUP).status().children()).hasSize(CLIENTS);
            System.out.printf(
                    "ManyClientsIT: %d clients: %.1f kB of heap and %.1f kB of direct memory each%n",
                    CLIENTS, (heap() - heap) / 1e3 / CLIENTS, (direct() - direct) / 1e3 / CLIENTS);

            watch.lap("looked at");
            int threads = watch.threads.getThreadCount();
            new Bundles(context).stop(client);
            assertThat(watch.threads.getPeakThreadCount() - threads)
                    .as("more threads while the bundle stopped")
                    .isLessThan(THREADS);
            watch.lap("client bundle stopped");
            awaitAll("closed", () -> simulator.account().open() == 0);
            watch.lap("all closed at the exchange");
            new Bundles(context).start(client);
            awaitAll("ready again", () -> ready.get() >= 1 + 2 * CLIENTS);
            watch.lap("client bundle started, all ready");
            assertConnected(simulator);

            watch.lap("looked at");
            for (int i = 0; i < CLIENTS; i++) {
                configurations.delete(Configurations.CLIENT, id(i));
            }
            awaitAll(
                    "gone",
                    () -> services.references(WebSocketClient.class, null).isEmpty()
                            && simulator.account().open() == 0);
            watch.lap("all configurations deleted, all clients gone");

            awaitAll(
                    "leave the group",
                    () -> services.supervisor(GROUP).status().children().isEmpty());
            assertThat(troubles).isEmpty();
            Census after = Census.atRest(context);
            assertThat(after.withoutTransportPool()).isEqualTo(before.withoutTransportPool());
            assertThat(after.threads().getOrDefault(Census.TRANSPORT_POOL, 0L))
                    .isLessThanOrEqualTo(Census.TRANSPORT_LIMIT);
            System.out.printf(
                    "ManyClientsIT: afterwards %.1f kB of heap for each that was there; %d connections in all%n",
                    (heap() - heap) / 1e3 / CLIENTS, simulator.account().accepts());
        } finally {
            listener.unregister();
        }
    }

    /** Whoever makes threads once and keeps them has made them then. */
    private void warmUp(FarSimulator simulator, Configurations configurations, Services services) {
        configurations.set(Configurations.CLIENT, "first", options(simulator, "first"));
        awaitAll("warm", () -> ready.get() == 1);
        configurations.delete(Configurations.CLIENT, "first");
        awaitAll(
                "cold",
                () -> services.references(WebSocketClient.class, null).isEmpty()
                        && services.references(Child.class, null).isEmpty()
                        && services.references(Condition.class, "(osgi.condition.id=holdfast.*)")
                                .isEmpty()
                        && simulator.account().open() == 0);
    }

    private static Map<String, Object> options(FarSimulator simulator, String id) {
        return Map.of(
                "uri",
                simulator.uri("/generic/" + id),
                "heartbeat.type",
                "none",
                "listeners.required",
                0,
                "supervisor.group",
                GROUP,
                "supervisor.wait",
                "1h");
    }

    private static String id(int number) {
        return "client" + number;
    }

    /** Each has one connection, none has two, and nobody ever lost one. */
    private void assertConnected(FarSimulator simulator) {
        awaitAll("connected", () -> {
            assertThat(troubles).isEmpty();
            return simulator.account().open() == CLIENTS;
        });
        assertThat(Set.copyOf(simulator.openPaths())).hasSize(CLIENTS);
    }

    private static void awaitAll(String what, BooleanSupplier condition) {
        await("all " + what).atMost(LIMIT).pollInterval(Duration.ofMillis(20)).until(condition::getAsBoolean);
    }

    private static long heap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static long direct() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    /** Prints how long things took, and what the process used of the processors, which says more on a busy machine. */
    private static final class Stopwatch {
        private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        private final ProcessHandle process = ProcessHandle.current();
        private long begin = System.nanoTime();
        private Duration used = used();

        private Duration used() {
            return process.info().totalCpuDuration().orElse(Duration.ZERO);
        }

        void lap(String what) {
            long now = System.nanoTime();
            Duration usedNow = used();
            System.out.printf(
                    "ManyClientsIT: %d clients: %s after %.2f s, %.2f s of CPU; %d threads, %d at most; load %.1f%n",
                    CLIENTS,
                    what,
                    (now - begin) / 1e9,
                    usedNow.minus(used).toMillis() / 1e3,
                    threads.getThreadCount(),
                    threads.getPeakThreadCount(),
                    ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
            threads.resetPeakThreadCount();
            begin = now;
            used = usedNow;
        }
    }
}
