// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.supervision.Child;
import io.holdfast.api.supervision.Supervisor;
import io.holdfast.itests.plugin.TestPlugins;
import io.holdfast.itests.support.Bundles;
import io.holdfast.itests.support.ClientEvents;
import io.holdfast.itests.support.Configurations;
import io.holdfast.itests.support.Containers;
import io.holdfast.itests.support.DeribitClient;
import io.holdfast.itests.support.Services;
import io.holdfast.simulator.Simulator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;

/** Whatever comes first: each client opens one socket and is supervised in the end. One container for all orders. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class StartOrderIT {

    /** What comes in any order. */
    private enum Part {
        CLIENT_CONFIGURATION,
        CLIENT_BUNDLE,
        SUPERVISOR_BUNDLE,
        GROUP_CONFIGURATION
    }

    private static final String GROUP = "trading";
    private static final List<String> IDS = List.of("first", "second");
    private static final Duration UNIT = Duration.ofMillis(100);

    @Inject
    private BundleContext context;

    @Inject
    private ConfigurationAdmin admin;

    private Bundles bundles;
    private Services services;
    private Bundle client;
    private Bundle supervisor;
    private Bundle plugin;

    @Configuration
    public Option[] configuration() {
        return Containers.standard(StartOrderIT.class);
    }

    @Before
    public void stopAll() {
        bundles = new Bundles(context);
        services = new Services(context);
        client = bundles.named("io.holdfast.client");
        supervisor = bundles.named("io.holdfast.supervisor");
        plugin = bundles.named(TestPlugins.DERIBIT);
        List.of(client, supervisor, plugin).forEach(bundles::stop);
    }

    @After
    public void startAll() {
        List.of(client, supervisor, plugin).forEach(bundles::start);
    }

    @Test
    public void all_orders_with_the_plugin_first() {
        orders().forEach(order -> run(order, true));
    }

    @Test
    public void all_orders_with_the_plugin_last() {
        orders().forEach(order -> run(order, false));
    }

    private void run(List<Part> order, boolean pluginFirst) {
        String description = (pluginFirst ? "PLUGIN, " : "") + order + (pluginFirst ? "" : ", PLUGIN");
        List<ClientEvents> events = new ArrayList<>();
        List<ServiceRegistration<?>> observers = new ArrayList<>();
        for (String id : IDS) {
            ClientEvents mine = new ClientEvents();
            events.add(mine);
            observers.add(mine.observe(context, id));
        }
        Simulator simulator = DeribitClient.simulator(UNIT, 100);
        try (Configurations configurations = new Configurations(admin)) {
            configurations.unlimitedAttempts();
            if (pluginFirst) {
                bundles.start(plugin);
            }
            order.forEach(part -> bring(part, configurations, simulator));
            if (!pluginFirst) {
                bundles.start(plugin);
            }
            for (int i = 0; i < IDS.size(); i++) {
                services.awaitCondition("holdfast.client." + IDS.get(i) + ".ready", true);
                events.get(i).await(Type.SUPERVISED, 1);
                assertThat(events.get(i).count(Type.CONNECTING)).as(description).isEqualTo(1);
            }
            services.awaitCondition("holdfast.group." + GROUP + ".healthy", true);
            assertThat(simulator.open())
                    .as(description)
                    .hasSize(IDS.size())
                    .allSatisfy(session -> assertThat(
                                    simulator.deribit().state(session.number()).firstMethod())
                            .isEqualTo("public/set_heartbeat"));
            // A client says that it is supervised a moment before its supervisor has entered it.
            await().atMost(Services.LIMIT)
                    .untilAsserted(
                            () -> assertThat(services.supervisor(GROUP).status().children())
                                    .as(description)
                                    .hasSize(IDS.size())
                                    .allSatisfy(child ->
                                            assertThat(child.state()).isEqualTo(Supervisor.ChildStatus.State.RUNNING)));
        }
        simulator.awaitNoneOpen(Services.LIMIT);
        List.of(client, supervisor, plugin).forEach(bundles::stop);
        assertThat(simulator.accepts()).as(description).isEqualTo(IDS.size());
        simulator.close();
        observers.forEach(ServiceRegistration::unregister);
        assertThat(services.references(WebSocketClient.class, null)).isEmpty();
        assertThat(services.references(Child.class, null)).isEmpty();
    }

    private void bring(Part part, Configurations configurations, Simulator simulator) {
        switch (part) {
            case CLIENT_BUNDLE -> bundles.start(client);
            case SUPERVISOR_BUNDLE -> bundles.start(supervisor);
            case GROUP_CONFIGURATION -> configurations.set(Configurations.GROUP, GROUP, Map.of("intensity", 10));
            case CLIENT_CONFIGURATION ->
                IDS.forEach(id -> {
                    Map<String, Object> options = DeribitClient.options(simulator, UNIT);
                    options.put("supervisor.group", GROUP);
                    options.put("listeners.required", 0);
                    options.put("heartbeat.wait", "30s");
                    configurations.set(Configurations.CLIENT, id, options);
                });
        }
    }

    private static List<List<Part>> orders() {
        List<List<Part>> orders = new ArrayList<>();
        extend(List.of(), orders);
        assertThat(orders).hasSize(24).doesNotHaveDuplicates();
        return orders;
    }

    private static void extend(List<Part> begun, List<List<Part>> orders) {
        if (begun.size() == Part.values().length) {
            orders.add(begun);
        }
        for (Part part : Part.values()) {
            if (!begun.contains(part)) {
                List<Part> longer = new ArrayList<>(begun);
                longer.add(part);
                extend(longer, orders);
            }
        }
    }
}
