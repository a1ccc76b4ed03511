// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.api.client.ClientState;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.supervision.Supervisor;
import io.holdfast.api.supervision.Supervisor.ChildStatus;
import io.holdfast.itests.support.Bundles;
import io.holdfast.itests.support.ClientEvents;
import io.holdfast.itests.support.Configurations;
import io.holdfast.itests.support.Containers;
import io.holdfast.itests.support.GenericClient;
import io.holdfast.itests.support.Loaders;
import io.holdfast.itests.support.Repeats;
import io.holdfast.itests.support.Services;
import io.holdfast.simulator.Session;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import java.util.LinkedHashMap;
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

/** The supervisor leaves and returns, and its limits change, under two configured clients. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class SupervisorUpdateIT {

    private static final int UPDATES = Repeats.of("updates", 20);
    private static final String GROUP = "trading";
    private static final List<String> IDS = List.of("first", "second");

    @Inject
    private BundleContext context;

    @Inject
    private ConfigurationAdmin admin;

    private Bundles bundles;
    private Services services;
    private Configurations configurations;
    private Simulator simulator;
    private Bundle supervisor;
    private final Map<String, ClientEvents> events = new LinkedHashMap<>();
    private final Map<String, ServiceRegistration<?>> observers = new LinkedHashMap<>();

    @Configuration
    public Option[] configuration() {
        return Containers.standard(SupervisorUpdateIT.class);
    }

    @Before
    public void start() {
        bundles = new Bundles(context);
        services = new Services(context);
        configurations = new Configurations(admin);
        configurations.unlimitedAttempts();
        simulator = Simulator.start(SimulatorOptions.builder().rate(100).build());
        supervisor = bundles.named("io.holdfast.supervisor");
        group(Map.of());
        for (String id : IDS) {
            events.put(id, new ClientEvents());
            observers.put(id, events.get(id).observe(context, id));
            Map<String, Object> options = GenericClient.fragile(simulator, id, GROUP);
            options.put("child.restart", "permanent");
            options.put("up.linger", "100ms");
            configurations.set(Configurations.CLIENT, id, options);
        }
        IDS.forEach(id -> {
            services.awaitCondition("holdfast.client." + id + ".ready", true);
            events.get(id).await(Type.SUPERVISED, 1);
            // Whose number is what a restart is told by.
            events.get(id).await(Type.READY, 1);
        });
        services.awaitCondition("holdfast.group." + GROUP + ".healthy", true);
    }

    @After
    public void stop() {
        configurations.close();
        simulator.awaitNoneOpen(Services.LIMIT);
        simulator.close();
        observers.values().forEach(ServiceRegistration::unregister);
    }

    /** Ten minutes, so that no count expires while a test runs. */
    private void group(Map<String, ?> more) {
        Map<String, Object> options = new LinkedHashMap<>(Map.of("intensity", 10, "period", "10m"));
        options.putAll(more);
        configurations.set(Configurations.GROUP, GROUP, options);
    }

    private ChildStatus status(String id) {
        return services.supervisor(GROUP).status().children().stream()
                .filter(c -> c.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /** @param restarts counted within the period, the one that was too many included */
    private void awaitStatus(String id, ChildStatus.State state, int restarts) {
        await().atMost(Services.LIMIT).untilAsserted(() -> {
            ChildStatus status = status(id);
            assertThat(status.state()).isEqualTo(state);
            assertThat(status.restarts()).isEqualTo(restarts);
        });
    }

    private Session open(String id) {
        simulator.await(
                "connection of " + id,
                () -> simulator.open(GenericClient.path(id)).size() == 1,
                Services.LIMIT);
        return simulator.open(GenericClient.path(id)).get(0);
    }

    /** Breaks the connection of a client, which ends its incarnation, and waits for the next. */
    private void restart(String id) {
        long ready = events.get(id).count(Type.READY);
        simulator.faults().on(GenericClient.path(id)).reset();
        events.get(id).await(Type.READY, ready + 1);
    }

    private void assertUntouched(int accepts) {
        assertThat(simulator.accepts()).as("sockets").isEqualTo(accepts);
        IDS.forEach(id -> assertThat(open(id).isOpen()).isTrue());
    }

    @Test
    public void an_update_touches_no_socket_and_keeps_the_ledger() {
        Loaders loaders = new Loaders();
        for (int i = 0; i < 3; i++) {
            restart("first");
        }
        awaitStatus("first", ChildStatus.State.RUNNING, 3);
        int accepts = simulator.accepts();
        long lost = events.get("first").count(Type.LOST);

        for (int update = 1; update <= UPDATES; update++) {
            loaders.watch(supervisor);
            bundles.update(supervisor);
            int seen = 1 + update;
            IDS.forEach(id -> events.get(id).await(Type.SUPERVISED, seen));
        }

        awaitStatus("first", ChildStatus.State.RUNNING, 3);
        awaitStatus("second", ChildStatus.State.RUNNING, 0);
        assertUntouched(accepts);
        assertThat(events.get("first").count(Type.LOST)).isEqualTo(lost);
        assertThat(events.get("second").count(Type.LOST)).isZero();
        loaders.awaitCollected();

        // The ledger counts on: with 3 of 4 used, the second failure from here is one too many.
        group(Map.of("intensity", 4));
        await().atMost(Services.LIMIT)
                .until(() -> services.supervisor(GROUP).status().intensity() == 4);
        restart("first");
        simulator.faults().on(GenericClient.path("first")).reset();
        awaitStatus("first", ChildStatus.State.GIVEN_UP, 5);
        System.out.printf(
                "SupervisorUpdateIT: supervisor updated %d times: sockets touched 0, loaders collected %s%n",
                UPDATES, loaders.collected());
    }

    @Test
    public void a_group_deleted_and_created_touches_no_socket_and_keeps_the_ledger() {
        restart("second");
        awaitStatus("second", ChildStatus.State.RUNNING, 1);
        int accepts = simulator.accepts();

        for (int time = 1; time <= UPDATES; time++) {
            configurations.delete(Configurations.GROUP, GROUP);
            await().atMost(Services.LIMIT)
                    .until(() -> services.references(Supervisor.class, null).isEmpty());
            group(Map.of());
            int seen = 1 + time;
            IDS.forEach(id -> events.get(id).await(Type.SUPERVISED, seen));
        }

        awaitStatus("first", ChildStatus.State.RUNNING, 0);
        awaitStatus("second", ChildStatus.State.RUNNING, 1);
        assertUntouched(accepts);
    }

    @Test
    public void an_exit_that_nobody_saw_is_acted_on_afterwards() {
        group(Map.of("restart.refused", true));
        awaitStatus("first", ChildStatus.State.RUNNING, 0);
        Session second = open("second");
        bundles.stop(supervisor);

        // A refusal ends the incarnation whether or not somebody supervises it.
        simulator.faults().on(GenericClient.path("first")).close(1008, "no");
        events.get("first").await(Type.EXITED, 1);
        assertThat(services.client("first").state()).isEqualTo(ClientState.EXITED);
        bundles.start(supervisor);

        events.get("first").await(Type.READY, 2);
        awaitStatus("first", ChildStatus.State.RUNNING, 1);
        assertThat(second.isOpen()).isTrue();
        assertThat(simulator.accepts()).isEqualTo(3);
    }

    @Test
    public void limits_changed_live_touch_no_socket_and_hold_for_the_next_failure() {
        restart("first");
        restart("first");
        awaitStatus("first", ChildStatus.State.RUNNING, 2);
        int accepts = simulator.accepts();

        group(Map.of("intensity", 2, "period", "5m"));
        await().atMost(Services.LIMIT)
                .until(() -> services.supervisor(GROUP).status().intensity() == 2);
        assertThat(services.supervisor(GROUP).status().periodMillis()).isEqualTo(300_000);
        assertUntouched(accepts);

        simulator.faults().on(GenericClient.path("first")).reset();
        awaitStatus("first", ChildStatus.State.GIVEN_UP, 3);
        assertThat(simulator.accepts()).isEqualTo(accepts);
    }

    /** Without an Event Admin, nothing but the group itself uses what all groups share. */
    @Test
    public void a_change_of_the_only_group_leaves_its_service_where_it_is() {
        Bundle eventAdmin = bundles.named("org.apache.felix.eventadmin");
        bundles.stop(eventAdmin);
        try {
            Supervisor before = services.supervisor(GROUP);
            group(Map.of("intensity", 2));
            await().atMost(Services.LIMIT)
                    .until(() -> services.supervisor(GROUP).status().intensity() == 2);
            assertThat(services.supervisor(GROUP)).isSameAs(before);
            assertThat(events.get("first").count(Type.SUPERVISED)).isEqualTo(1);
        } finally {
            bundles.start(eventAdmin);
        }
    }

    @Test
    public void given_up_beyond_the_intensity_until_it_is_reset() throws Exception {
        group(Map.of("intensity", 3));
        await().atMost(Services.LIMIT)
                .until(() -> services.supervisor(GROUP).status().intensity() == 3);
        Session second = open("second");
        for (int i = 0; i < 3; i++) {
            restart("first");
        }
        assertThat(events.get("first").count(Type.GIVEN_UP)).isZero();

        simulator.faults().on(GenericClient.path("first")).reset();
        events.get("first").await(Type.GIVEN_UP, 1);
        services.awaitCondition("holdfast.client.first.ready", false);
        services.awaitCondition("holdfast.client.first.up", false);
        awaitStatus("first", ChildStatus.State.GIVEN_UP, 4);
        assertThat(services.client("first").health().findings())
                .anySatisfy(finding -> assertThat(finding).contains("given up"));
        assertThat(simulator.open(GenericClient.path("first"))).isEmpty();

        assertThat(services.supervisor(GROUP)
                        .reset("first")
                        .toCompletableFuture()
                        .get())
                .isEqualTo(Supervisor.Reply.OK);
        services.awaitCondition("holdfast.client.first.ready", true);
        services.awaitCondition("holdfast.client.first.up", true);
        awaitStatus("first", ChildStatus.State.RUNNING, 0);
        assertThat(second.isOpen()).as("the sibling").isTrue();
        assertThat(simulator.accepts()).isEqualTo(2 + 3 + 1);
    }
}
