// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientState;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.CredentialSource;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.transport.Secret;
import io.holdfast.itests.plugin.TestPlugins;
import io.holdfast.itests.support.Bundles;
import io.holdfast.itests.support.ClientEvents;
import io.holdfast.itests.support.Components;
import io.holdfast.itests.support.Configurations;
import io.holdfast.itests.support.ContainerLog;
import io.holdfast.itests.support.Containers;
import io.holdfast.itests.support.GenericClient;
import io.holdfast.itests.support.Services;
import io.holdfast.itests.support.Surface;
import io.holdfast.itests.support.TokenDesk;
import io.holdfast.simulator.Simulator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.HttpURLConnection;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import javax.inject.Inject;
import org.apache.felix.inventory.Format;
import org.apache.felix.inventory.InventoryPrinter;
import org.apache.felix.service.command.CommandProcessor;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.OptionUtils;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;

/** A plugin of somebody else that fetches a token for one use over HTTP before each connection. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class PreparationIT {

    private static final String ID = "prepared";

    @Inject
    private BundleContext context;

    @Inject
    private ConfigurationAdmin admin;

    @Inject
    private ServiceComponentRuntime runtime;

    @Inject
    private CommandProcessor shell;

    private final ClientEvents events = new ClientEvents();
    private final Surface surface = new Surface();
    private Bundles bundles;
    private Bundle plugin;
    private Configurations configurations;
    private Services services;
    private Simulator simulator;
    private TokenDesk desk;
    private List<ServiceRegistration<?>> registrations;

    @Configuration
    public Option[] configuration() {
        return OptionUtils.combine(
                Containers.standard(PreparationIT.class, Containers.provide("desk", TestPlugins.desk())),
                Containers.optional("io.holdfast.inventory", "org.apache.felix.inventory"));
    }

    @Before
    public void start() {
        bundles = new Bundles(context);
        services = new Services(context);
        configurations = new Configurations(admin);
        configurations.unlimitedAttempts();
        simulator = Simulator.start();
        desk = new TokenDesk(simulator, GenericClient.path(ID));
        registrations = List.of(
                events.observe(context, ID),
                context.registerService(CredentialSource.class, PreparationIT::credentials, null),
                context.registerService(
                        EventHandler.class, surface, new Hashtable<>(Map.of(EventConstants.EVENT_TOPIC, "*"))));
        plugin = bundles.installAndStart(Containers.provided("desk"));
    }

    @After
    public void stop() throws IOException {
        configurations.close();
        simulator.awaitNoneOpen(Services.LIMIT);
        registrations.forEach(ServiceRegistration::unregister);
        bundles.uninstall(plugin);
        desk.close();
        simulator.close();
    }

    private static Map<String, Secret> credentials(String name) {
        return switch (name) {
            case "right" -> Map.of("exchange.key", Secret.of(TokenDesk.KEY.toCharArray()));
            case "wrong" -> Map.of("exchange.key", Secret.of("cAnArY-wrong".toCharArray()));
            default -> throw new IllegalArgumentException(name);
        };
    }

    private void configure(String credentials) {
        Map<String, Object> options = GenericClient.options(simulator, ID);
        options.put("exchange.type", "desk");
        options.put("exchange.desk", desk.uri().toString());
        options.put("credentials", credentials);
        options.put("plugin.limit", "10s");
        configurations.set(Configurations.CLIENT, ID, options);
    }

    private void awaitReady(int connections) {
        await("connection " + connections)
                .atMost(Services.LIMIT)
                .until(() -> desk.admitted().size() == connections
                        && services.client(ID).state() == ClientState.READY);
    }

    @Test
    public void each_connection_has_a_token_of_its_own_which_nobody_sees() throws Exception {
        configure("right");
        services.awaitCondition("holdfast.client." + ID + ".ready", true);
        for (int i = 1; i <= 3; i++) {
            awaitReady(i);
            simulator.faults().reset();
        }
        awaitReady(4);
        assertThat(desk.admitted()).isEqualTo(desk.issued()).hasSize(4).doesNotHaveDuplicates();
        assertThat(desk.turnedAway()).isEmpty();
        assertThat(events.count(Type.CONNECT_FAILED)).isZero();
        assertThat(answer(desk.admitted().get(0))).as("a used one is refused").isEqualTo(401);

        // Trouble of both kinds, one of them with a token where it should not be.
        desk.next(TokenDesk.Next.CLOSED);
        desk.next(TokenDesk.Next.NONSENSE);
        simulator.faults().reset();
        awaitReady(5);
        events.await(Type.CONNECT_FAILED, 2);
        assertThat(events.of(Type.CONNECT_FAILED))
                .extracting(event -> event.cause().orElseThrow().toString())
                .satisfiesExactly(
                        closed -> assertThat(closed).isEqualTo("PREPARE: prepare: 503 the desk is closed"),
                        nonsense -> assertThat(nonsense)
                                .startsWith("PREPARE: prepare: failed with ")
                                .contains("java.lang.IllegalArgumentException"));

        look();
        assertThat(surface.with("cAnArY")).isEmpty();
        assertThat(surface.sizes())
                .allSatisfy((place, size) -> assertThat(size).as(place).isPositive());
        System.out.println("PreparationIT: searched " + surface.sizes());
    }

    private int answer(String token) throws IOException {
        HttpURLConnection asked = (HttpURLConnection) desk.gate(token).toURL().openConnection();
        return asked.getResponseCode();
    }

    private void look() {
        WebSocketClient client = services.client(ID);
        surface.addAll("log", ContainerLog.lines());
        surface.addAll("events", events.all());
        surface.add("client", client);
        surface.add("health", client.health());
        surface.add("metrics", client.metrics());
        surface.addServiceProperties(context);
        surface.addAll("components", new Components(runtime).configurations());
        for (Format format : List.of(Format.JSON, Format.TEXT)) {
            StringWriter out = new StringWriter();
            services.get(InventoryPrinter.class, "(felix.inventory.printer.name=holdfast)")
                    .print(new PrintWriter(out), format, false);
            surface.add("inventory, which is the console's page", out);
        }
        surface.addCommand(shell, "holdfast:show " + ID);
        surface.addCommand(shell, "holdfast:events " + ID);
        surface.addCommand(shell, "holdfast:list");
    }

    @Test
    public void a_plugin_that_is_updated_while_it_prepares_costs_no_attempt() {
        configure("right");
        awaitReady(1);
        desk.next(TokenDesk.Next.HELD);
        simulator.faults().reset();
        await().atMost(Services.LIMIT).until(() -> desk.issued().size() == 2);
        bundles.update(plugin, Containers.provided("desk"));
        awaitReady(2);
        desk.release();
        assertThat(desk.admitted())
                .containsExactly(desk.issued().get(0), desk.issued().get(2));
        assertThat(events.count(Type.CONNECT_FAILED)).isZero();
        assertThat(events.count(Type.LOST)).isEqualTo(1);
    }

    @Test
    public void a_key_that_the_desk_refuses_ends_the_client() {
        configure("wrong");
        events.await(Type.EXITED, 1);
        assertThat(events.of(Type.CONNECT_FAILED))
                .singleElement()
                .satisfies(event -> assertThat(event.cause())
                        .contains(Cause.of(Cause.Kind.REFUSED, "prepare: 401 the desk knows no such key")));
        assertThat(desk.issued()).isEmpty();
        assertThat(simulator.accepts()).isZero();
    }
}
