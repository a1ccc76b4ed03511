// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.heartbeat.HeartbeatFactory;
import io.holdfast.itests.plugin.TestPlugins;
import io.holdfast.itests.support.Bundles;
import io.holdfast.itests.support.Containers;
import io.holdfast.itests.support.DeribitClient;
import io.holdfast.itests.support.DuringStop;
import io.holdfast.itests.support.LiveClient;
import io.holdfast.itests.support.Loaders;
import io.holdfast.itests.support.Numbers;
import io.holdfast.itests.support.Receiver;
import io.holdfast.itests.support.Repeats;
import io.holdfast.itests.support.Services;
import io.holdfast.simulator.Session;
import io.holdfast.simulator.Simulator;
import java.time.Duration;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javax.inject.Inject;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * Bundles replaced under a living connection. The simulator counts: sockets, messages, {@code test_request}s and their
 * answers, whose marker tells which version of the plugin was at work.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class HotSwapIT {

    private static final int SWAPS = Repeats.of("swaps", 50);
    private static final int ABSENCES = Repeats.of("absences", 2);
    private static final int PER_GAP = 3;
    private static final int DEADLINES = 10;
    private static final double RATE = 500;
    private static final Duration UNIT = Duration.ofMillis(200);

    @Inject
    private BundleContext context;

    @Inject
    private ConfigurationAdmin admin;

    private Bundles bundles;
    private Bundle plugin;
    private Loaders loaders;

    @Configuration
    public Option[] configuration() {
        return Containers.standard(
                HotSwapIT.class,
                Containers.provide("v1", TestPlugins.blue("1.0.1", "v1x")),
                Containers.provide("v2", TestPlugins.blue("1.0.2", "v2x")),
                Containers.provide("green", TestPlugins.green("2.0.0", "green")),
                Containers.provide("listening1", TestPlugins.listening("1.0.1")),
                Containers.provide("listening2", TestPlugins.listening("1.0.2")));
    }

    @Before
    public void start() {
        bundles = new Bundles(context);
        plugin = bundles.named(TestPlugins.DERIBIT);
        loaders = new Loaders();
    }

    @After
    public void restore() {
        bundles.update(plugin);
        loaders.awaitCollected();
    }

    private LiveClient client(Map<String, ?> more) {
        return new LiveClient(context, admin, UNIT, RATE, more);
    }

    /** Waits until the client has bound a plugin so many times, then lets the server see which. */
    private static void assertAtWork(LiveClient client, long bound, String marker) {
        client.events().await(Type.HEARTBEAT_BOUND, bound);
        assertThat(client.testRequest().id()).startsWith("\"" + marker);
    }

    @Test
    public void plugin_updated() {
        Receiver receiver = new Receiver();
        ServiceRegistration<?> listener = receiver.listenTo(context, LiveClient.ID);
        try (LiveClient client = client(Map.of())) {
            bundles.update(plugin, Containers.provided("v2"));
            assertAtWork(client, 2, "v2x");
            AtomicLong gaps = new AtomicLong();
            List<String> inGap = new CopyOnWriteArrayList<>();
            try (DuringStop gap = new DuringStop(context, TestPlugins.DERIBIT, () -> {
                gaps.incrementAndGet();
                for (int i = 0; i < PER_GAP; i++) {
                    inGap.add(client.testRequest().id());
                }
            })) {
                for (int swap = 1; swap <= SWAPS; swap++) {
                    String before = swap % 2 == 1 ? "v2" : "v1";
                    String after = swap % 2 == 1 ? "v1" : "v2";
                    loaders.watch(plugin);
                    bundles.update(plugin, Containers.provided(after));
                    assertThat(inGap)
                            .hasSize(PER_GAP)
                            .allSatisfy(id -> assertThat(id).startsWith("\"" + before + "x"));
                    inGap.clear();
                    assertAtWork(client, 2 + swap, after + "x");
                    receiver.numbers().awaitMore(1);
                }
            }
            assertThat(gaps.get()).isEqualTo(SWAPS);
            report("plugin updated", client, receiver.numbers());
        }
        listener.unregister();
    }

    @Test
    public void plugin_replaced_by_a_better_ranked_one_and_back() {
        Receiver receiver = new Receiver();
        ServiceRegistration<?> listener = receiver.listenTo(context, LiveClient.ID);
        bundles.update(plugin, Containers.provided("v1"));
        try (LiveClient client = client(Map.of())) {
            assertAtWork(client, 1, "v1x");
            AtomicLong inSwap = new AtomicLong();
            // Runs in the thread that registers or withdraws the service, before or after the client hears of it.
            ServiceListener swaps = event -> {
                if (event.getType() != ServiceEvent.MODIFIED
                        && event.getServiceReference()
                                .getBundle()
                                .getSymbolicName()
                                .equals(TestPlugins.DERIBIT)) {
                    inSwap.incrementAndGet();
                    client.simulator().faults().testRequest();
                }
            };
            try {
                context.addServiceListener(swaps, "(objectClass=" + HeartbeatFactory.class.getName() + ")");
                for (int swap = 1; swap <= SWAPS; swap++) {
                    Bundle green = bundles.installAndStart(Containers.provided("green"));
                    assertAtWork(client, 2 * swap, "green");
                    loaders.watch(green);
                    bundles.uninstall(green);
                    assertAtWork(client, 2 * swap + 1, "v1x");
                    receiver.numbers().awaitMore(1);
                }
            } catch (org.osgi.framework.InvalidSyntaxException e) {
                throw new IllegalStateException(e);
            } finally {
                context.removeServiceListener(swaps);
            }
            assertThat(inSwap.get()).isEqualTo(2L * SWAPS);
            assertThat(client.events().count(Type.DEGRADED))
                    .as("without a plugin")
                    .isZero();
            report("blue/green by ranking", client, receiver.numbers());
        }
        listener.unregister();
    }

    @Test
    public void plugin_uninstalled_for_ten_deadlines_with_a_reconnect_in_the_middle() {
        Receiver receiver = new Receiver();
        ServiceRegistration<?> listener = receiver.listenTo(context, LiveClient.ID);
        bundles.update(plugin, Containers.provided("v1"));
        bundles.stop(plugin);
        Bundle mine = bundles.installAndStart(Containers.provided("v2"));
        // No end of attempts: none of these connections is old enough to count as stable.
        try (LiveClient client = client(Map.of("reconnect.attempts", 0))) {
            Simulator simulator = client.simulator();
            assertAtWork(client, 1, "v2x");
            Session session = client.first();
            for (int absence = 1; absence <= ABSENCES; absence++) {
                loaders.watch(mine);
                bundles.uninstall(mine);
                client.events().await(Type.DEGRADED, absence);
                client.awaitAnswered(simulator.deribit().testRequestsAnswered() + DEADLINES / 2);
                simulator.faults().close(1001, "restart");
                session = simulator.awaitOpenAfter(session.number(), Services.LIMIT);
                client.awaitAnswered(simulator.deribit().testRequestsAnswered() + DEADLINES / 2);
                assertThat(simulator.deribit().state(session.number()).firstMethod())
                        .isEqualTo("public/set_heartbeat");
                mine = bundles.installAndStart(Containers.provided(absence % 2 == 0 ? "v2" : "green"));
                assertAtWork(client, 1 + absence, absence % 2 == 0 ? "v2x" : "green");
                // set_heartbeat was acknowledged on this connection and is not said again.
                assertThat(simulator.deribit().state(session.number()).setHeartbeats())
                        .isEqualTo(1);
            }
            assertThat(simulator.accepts()).as("only the server closed").isEqualTo(1 + ABSENCES);
            assertThat(simulator.acceptLog().stream().limit(ABSENCES))
                    .allSatisfy(r -> assertThat(r.endDetail()).doesNotContain("heartbeat"));
            client.assertNoTestRequestLost();
            long delivered = receiver.numbers().complete(simulator, DeribitClient.CHANNEL);
            print("uninstalled for " + DEADLINES + " deadlines", ABSENCES, client, delivered);
        } finally {
            if (mine.getState() != Bundle.UNINSTALLED) {
                bundles.uninstall(mine);
            }
            bundles.start(plugin);
        }
        listener.unregister();
    }

    @Test
    public void listening_bundle_updated() {
        Numbers numbers = new Numbers();
        List<String> continuity = new CopyOnWriteArrayList<>();
        Consumer<String> sink = text -> {
            if (text.startsWith("{")) {
                numbers.read(text);
            } else {
                continuity.add(text);
            }
        };
        ServiceRegistration<?> registration =
                context.registerService(Consumer.class, sink, new Hashtable<>(Map.of("sink", "deribit")));
        Bundle listening = bundles.installAndStart(Containers.provided("listening1"));
        try (LiveClient client = client(Map.of("listener.gap.max", "30s"))) {
            numbers.awaitMore(10);
            AtomicLong duringGap = new AtomicLong();
            try (DuringStop gap = new DuringStop(context, listening.getSymbolicName(), () -> {
                long written = client.simulator().data().writtenCount(DeribitClient.CHANNEL);
                client.simulator()
                        .await(
                                "messages while nobody listens",
                                () -> client.simulator().data().writtenCount(DeribitClient.CHANNEL) > written + 5,
                                Services.LIMIT);
                client.testRequest();
                duringGap.incrementAndGet();
            })) {
                for (int swap = 1; swap <= SWAPS; swap++) {
                    loaders.watch(listening);
                    bundles.update(listening, Containers.provided(swap % 2 == 1 ? "listening2" : "listening1"));
                    numbers.awaitMore(6);
                }
            }
            assertThat(duringGap.get()).isEqualTo(SWAPS);
            report("listening bundle updated", client, numbers);
            assertThat(continuity)
                    .as("what the listener was told")
                    .singleElement()
                    .asString()
                    .startsWith("Joined");
        }
        await().atMost(Services.LIMIT)
                .untilAsserted(() ->
                        assertThat(continuity).hasSize(3).last().asString().startsWith("Left"));
        bundles.uninstall(listening);
        registration.unregister();
    }

    private static void report(String what, LiveClient client, Numbers numbers) {
        client.assertNoSocketClosed();
        client.assertNoTestRequestLost();
        print(what, SWAPS, client, numbers.complete(client.simulator(), DeribitClient.CHANNEL));
    }

    private static void print(String what, int times, LiveClient client, long delivered) {
        System.out.printf(
                "HotSwapIT: %s %d times: sockets %d, test_requests sent %d answered %d lost %d, messages %d, not delivered 0, doubled 0%n",
                what,
                times,
                client.simulator().accepts(),
                client.simulator().deribit().testRequestsSent(),
                client.simulator().deribit().testRequestsAnswered(),
                client.simulator().deribit().testRequestsLost(),
                delivered);
    }
}
