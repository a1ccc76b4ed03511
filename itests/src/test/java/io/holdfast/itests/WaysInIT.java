// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.holdfast.api.client.ClientClosedException;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ClientState;
import io.holdfast.api.client.ClientSupervisor;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.Continuity;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.client.WebSocketClients;
import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.api.supervision.Child;
import io.holdfast.itests.plugin.TestPlugins;
import io.holdfast.itests.support.Bundles;
import io.holdfast.itests.support.ClientEvents;
import io.holdfast.itests.support.Configurations;
import io.holdfast.itests.support.Containers;
import io.holdfast.itests.support.GenericClient;
import io.holdfast.itests.support.Loaders;
import io.holdfast.itests.support.Receiver;
import io.holdfast.itests.support.Services;
import io.holdfast.simulator.AcceptRecord;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
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

/** The three ways to a client, and what becomes of clients whose bundle forgets them. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class WaysInIT {

    private static final String GROUP = "trading";
    private static final int FORGOTTEN = 5;

    @Inject
    private BundleContext context;

    @Inject
    private ConfigurationAdmin admin;

    private Bundles bundles;
    private Services services;
    private Configurations configurations;
    private Simulator simulator;
    private Bundle supervisor;
    private Bundle client;

    @Configuration
    public Option[] configuration() {
        return Containers.standard(
                WaysInIT.class,
                Containers.provide("unsupervised", TestPlugins.forgetful(false)),
                Containers.provide("supervised", TestPlugins.forgetful(true)));
    }

    @Before
    public void start() {
        bundles = new Bundles(context);
        services = new Services(context);
        configurations = new Configurations(admin);
        configurations.unlimitedAttempts();
        configurations.set(Configurations.GROUP, GROUP, Map.of("intensity", 10));
        simulator = Simulator.start(SimulatorOptions.builder().rate(100).build());
        supervisor = bundles.named("io.holdfast.supervisor");
        client = bundles.named("io.holdfast.client");
        services.supervisor(GROUP);
        services.reference(ClientSupervisor.class, "(supervisor.group=" + GROUP + ")");
    }

    @After
    public void stop() {
        bundles.start(supervisor);
        configurations.close();
        simulator.awaitNoneOpen(Services.LIMIT);
        simulator.close();
    }

    private ClientOptions options(String id) {
        return ClientOptions.of(GenericClient.options(simulator, id));
    }

    private static void get(java.util.concurrent.CompletionStage<?> stage) throws Exception {
        stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @Test
    public void unsupervised_by_service() throws Exception {
        unsupervisedByService("direct");
    }

    @Test
    public void unsupervised_by_service_on_jettys_frames() throws Exception {
        unsupervisedByService("core");
    }

    private void unsupervisedByService(String engine) throws Exception {
        WebSocketClients clients = services.get(WebSocketClients.class, null);
        Receiver receiver = new Receiver();
        ClientEvents events = new ClientEvents();

        Map<String, Object> raw = GenericClient.options(simulator, "plain");
        raw.put("transport.engine", engine);

        WebSocketClient handle = clients.open(ClientOptions.of(raw), receiver, events);
        get(handle.opened());
        receiver.numbers().awaitMore(10);
        assertThat(clients.clients()).containsExactly(handle);
        assertThat(services.references(Child.class, null)).isEmpty();
        simulator.faults().reset();
        events.await(Type.READY, 2);
        get(handle.send("{\"hello\":1}"));
        get(handle.close(3000, "done"));

        AcceptRecord last = simulator.awaitEnd(2, Services.LIMIT);
        assertThat(last.closeCode()).isEqualTo(3000);
        assertThat(last.closeReason()).isEqualTo("done");
        assertThat(handle.state()).isEqualTo(ClientState.CLOSED);
        assertThat(clients.clients()).isEmpty();
        await().atMost(Services.LIMIT).until(() -> receiver.count(Continuity.Left.class) == 1);
        assertThat(simulator.accepts()).isEqualTo(2);
    }

    @Test
    public void a_group_is_refused_where_nobody_supervises() {
        WebSocketClients clients = services.get(WebSocketClients.class, null);
        ClientOptions options = options("plain").withGroup(GROUP);
        assertThatThrownBy(() -> clients.open(options, new Receiver()))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining("supervisor.group");
        ClientSupervisor trading = services.get(ClientSupervisor.class, "(supervisor.group=" + GROUP + ")");
        assertThatThrownBy(() -> trading.startClient(options("plain").withGroup("other"), new Receiver()))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining("supervisor.group");
        assertThat(simulator.accepts()).isZero();
    }

    @Test
    public void dynamically_supervised_with_the_supervisor_there() throws Exception {
        ClientSupervisor trading = services.get(ClientSupervisor.class, "(supervisor.group=" + GROUP + ")");
        Receiver receiver = new Receiver();
        ClientEvents events = new ClientEvents();

        WebSocketClient handle = trading.startClient(
                ClientOptions.of(GenericClient.fragile(simulator, "dynamic", GROUP)), receiver, events);
        get(handle.opened());
        events.await(Type.SUPERVISED, 1);
        receiver.numbers().awaitMore(10);
        // One attempt allowed: the loss ends the incarnation, and the group starts the next.
        simulator.faults().reset();
        events.await(Type.READY, 2);
        assertThat(events.count(Type.EXITED)).isEqualTo(1);
        assertThat(services.supervisor(GROUP).status().children())
                .singleElement()
                .satisfies(child -> assertThat(child.restarts()).isEqualTo(1));
        assertThat(trading.clients()).containsExactly(handle);
        get(trading.stopClient(handle));

        assertThat(simulator.awaitEnd(2, Services.LIMIT).closeCode()).isEqualTo(1000);
        await().atMost(Services.LIMIT)
                .until(() -> services.supervisor(GROUP).status().children().isEmpty());
        assertThat(trading.clients()).isEmpty();
    }

    @Test
    public void dynamically_supervised_before_the_supervisor_is_there() throws Exception {
        bundles.stop(supervisor);
        ClientSupervisor trading = services.get(ClientSupervisor.class, "(supervisor.group=" + GROUP + ")");
        ClientEvents events = new ClientEvents();
        Map<String, Object> raw = GenericClient.options(simulator, "early");
        raw.put("supervisor.wait", "50ms");

        WebSocketClient handle = trading.startClient(ClientOptions.of(raw), new Receiver(), events);
        get(handle.opened());
        events.await(Type.UNSUPERVISED, 1);
        assertThat(handle.health().findings())
                .anySatisfy(finding -> assertThat(finding).contains("UNSUPERVISED"));
        bundles.start(supervisor);
        events.await(Type.SUPERVISED, 1);
        assertThat(handle.health().findings()).isEmpty();
        get(trading.stopClient(handle));

        assertThat(simulator.accepts()).isEqualTo(1);
    }

    @Test
    public void a_client_that_never_opened_fails_with_the_cause_and_leaves_nothing() {
        ClientSupervisor trading = services.get(ClientSupervisor.class, "(supervisor.group=" + GROUP + ")");
        simulator.faults().refuse();
        ClientEvents events = new ClientEvents();

        WebSocketClient handle = trading.startClient(
                ClientOptions.of(GenericClient.fragile(simulator, "never", GROUP)), new Receiver(), events);

        assertThatThrownBy(() -> get(handle.opened()))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(ClientClosedException.class)
                .hasMessageContaining("UNREACHABLE");
        events.await(Type.CLOSED, 1);
        await().atMost(Services.LIMIT)
                .until(() -> services.references(Child.class, null).isEmpty());
        assertThat(trading.clients()).isEmpty();
        await().atMost(Services.LIMIT)
                .until(() -> services.supervisor(GROUP).status().children().isEmpty());
        simulator.faults().accept();
    }

    @Test
    public void configured() {
        configurations.set(Configurations.CLIENT, "configured", GenericClient.options(simulator, "configured"));
        services.awaitCondition("holdfast.client.configured.ready", true);
        assertThat(services.client("configured").state()).isEqualTo(ClientState.READY);

        configurations.delete(Configurations.CLIENT, "configured");
        assertThat(simulator.awaitEnd(1, Services.LIMIT).closeCode()).isEqualTo(1001);
        await().atMost(Services.LIMIT)
                .until(() -> services.references(WebSocketClient.class, null).isEmpty());
    }

    @Test
    public void forgotten_unsupervised_clients_are_closed_and_their_bundle_is_collected() {
        forgotten("unsupervised");
    }

    @Test
    public void forgotten_supervised_clients_are_closed_and_their_bundle_is_collected() {
        forgotten("supervised");
        await().atMost(Services.LIMIT)
                .until(() -> services.supervisor(GROUP).status().children().isEmpty());
        assertThat(services.references(Child.class, null)).isEmpty();
    }

    private void forgotten(String kind) {
        // With fresh threads: those made while a bundle calls must not pin it.
        bundles.stop(client);
        bundles.start(client);
        services.reference(ClientSupervisor.class, "(supervisor.group=" + GROUP + ")");
        Supplier<String> uris = () -> simulator.uri("/generic/forgotten").toString();
        ServiceRegistration<?> registration =
                context.registerService(Supplier.class, uris, new Hashtable<>(Map.of("gives", "uri")));
        Loaders loaders = new Loaders();
        ClientEvents events = new ClientEvents();
        ServiceRegistration<?> observer = events.observe(context);

        Bundle user = bundles.installAndStart(Containers.provided(kind));
        loaders.watch(user);
        events.await(Type.READY, FORGOTTEN);
        bundles.stop(user);
        simulator.awaitNoneOpen(Services.LIMIT);
        bundles.uninstall(user);
        registration.unregister();
        observer.unregister();

        assertThat(simulator.acceptLog()).hasSize(FORGOTTEN).allSatisfy(record -> {
            assertThat(record.end()).isEqualTo(AcceptRecord.End.CLIENT_CLOSE);
            assertThat(record.closeCode()).isEqualTo(1001);
        });
        loaders.awaitCollected();
    }
}
