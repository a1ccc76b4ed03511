// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.api.client.ClientHealth;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.itests.plugin.TestPlugins;
import io.holdfast.itests.support.Bundles;
import io.holdfast.itests.support.Containers;
import io.holdfast.itests.support.DeribitClient;
import io.holdfast.itests.support.LiveClient;
import io.holdfast.itests.support.Loaders;
import io.holdfast.itests.support.Receiver;
import io.holdfast.itests.support.Services;
import java.time.Duration;
import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.inject.Inject;
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
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;

/** Plugins that do harm, under traffic: the connection lives, and nothing of them stays. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class PluginFaultsIT {

    private static final Duration UNIT = Duration.ofMillis(200);

    @Inject
    private BundleContext context;

    @Inject
    private ConfigurationAdmin admin;

    private Bundles bundles;

    @Configuration
    public Option[] configuration() {
        return Containers.standard(
                PluginFaultsIT.class,
                Containers.provide("throws", TestPlugins.faulty("throws")),
                Containers.provide("own", TestPlugins.faulty("own")),
                Containers.provide("error", TestPlugins.faulty("error")),
                Containers.provide("hangs", TestPlugins.faulty("hangs")),
                Containers.provide("wrong", TestPlugins.wrong()));
    }

    @Before
    public void start() {
        bundles = new Bundles(context);
    }

    @Test
    public void a_plugin_that_throws_is_quarantined_and_forgotten() {
        quarantined("throws", "java.lang.IllegalStateException: on purpose");
    }

    @Test
    public void a_plugin_that_throws_its_own_exception_is_quarantined_and_forgotten() {
        quarantined("own", "OwnException");
    }

    @Test
    public void a_plugin_whose_classes_do_not_link_is_quarantined_and_forgotten() {
        quarantined("error", "NoClassDefFoundError");
    }

    @Test
    public void a_plugin_that_hangs_is_quarantined_and_forgotten() {
        quarantined("hangs", "took longer than 250 ms");
    }

    private void quarantined(String fault, String text) {
        Receiver receiver = new Receiver();
        ServiceRegistration<?> listener = receiver.listenTo(context, LiveClient.ID);
        Loaders loaders = new Loaders();
        // A stall of the machine is no other fault than the one that is looked for.
        Map<String, String> limit = Map.of("plugin.limit", fault.equals("hangs") ? "250ms" : "10s");
        try (LiveClient client = new LiveClient(context, admin, UNIT, 500, limit)) {
            client.events().await(Type.HEARTBEAT_BOUND, 1);

            Bundle faulty = bundles.installAndStart(Containers.provided(fault));
            loaders.watch(faulty);
            client.events().await(Type.HEARTBEAT_FAULT, 3);
            WebSocketClient handle = client.services().client(LiveClient.ID);
            ClientHealth health = handle.health();
            assertThat(health.heartbeat().quarantined()).isTrue();
            assertThat(health.status()).isEqualTo(ClientHealth.Status.WARN);
            assertThat(health.findings())
                    .anySatisfy(finding -> assertThat(finding).contains("quarantined", text));
            assertThat(client.events()
                            .of(Type.HEARTBEAT_FAULT)
                            .get(2)
                            .cause()
                            .orElseThrow()
                            .message())
                    .contains("quarantined after 3 faults", text);
            for (int i = 0; i < 3; i++) {
                client.testRequest();
            }
            if (fault.equals("hangs")) {
                assertThat(handle.metrics().hungPluginCalls()).isPositive();
            }

            bundles.uninstall(faulty);
            client.events().await(Type.HEARTBEAT_BOUND, 2);
            client.testRequest();
            await().atMost(Services.LIMIT).until(() -> handle.metrics().hungPluginCalls() == 0);
            await().atMost(Services.LIMIT)
                    .untilAsserted(() -> assertThat(handle.health().findings()).isEmpty());
            loaders.awaitCollected();

            client.assertNoSocketClosed();
            client.assertNoTestRequestLost();
            receiver.numbers().complete(client.simulator(), DeribitClient.CHANNEL);
        }
        listener.unregister();
    }

    @Test
    public void a_plugin_of_another_exchange_is_never_taken_however_high_its_ranking() {
        Receiver receiver = new Receiver();
        ServiceRegistration<?> listener = receiver.listenTo(context, LiveClient.ID);
        AtomicInteger asked = new AtomicInteger();
        ServiceRegistration<?> counter =
                context.registerService(AtomicInteger.class, asked, new Hashtable<>(Map.of("counts", "wrong")));
        Bundle deribit = bundles.named(TestPlugins.DERIBIT);
        try (LiveClient client = new LiveClient(context, admin, UNIT, 500, Map.of())) {
            Bundle wrong = bundles.installAndStart(Containers.provided("wrong"));
            bundles.stop(deribit);
            client.events().await(Type.DEGRADED, 1);
            client.testRequest();
            bundles.start(deribit);
            client.events().await(Type.HEARTBEAT_BOUND, 2);
            client.testRequest();
            bundles.uninstall(wrong);

            assertThat(asked.get())
                    .as("times the other exchange's plugin was asked")
                    .isZero();
            assertThat(client.events().of(Type.HEARTBEAT_BOUND))
                    .allSatisfy(event -> assertThat(event.cause().orElseThrow().message())
                            .startsWith("deribit by " + TestPlugins.DERIBIT));
            client.assertNoSocketClosed();
            client.assertNoTestRequestLost();
            receiver.numbers().complete(client.simulator(), DeribitClient.CHANNEL);
        }
        counter.unregister();
        listener.unregister();
    }
}
