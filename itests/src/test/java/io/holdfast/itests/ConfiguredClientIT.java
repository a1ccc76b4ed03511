// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.api.client.ClientHealth;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.Continuity;
import io.holdfast.api.client.SendLimitException;
import io.holdfast.api.client.SendOptions;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.itests.support.ClientEvents;
import io.holdfast.itests.support.Components;
import io.holdfast.itests.support.Configurations;
import io.holdfast.itests.support.Containers;
import io.holdfast.itests.support.DeribitClient;
import io.holdfast.itests.support.Receiver;
import io.holdfast.itests.support.ServiceEvents;
import io.holdfast.itests.support.Services;
import io.holdfast.simulator.Session;
import io.holdfast.simulator.Simulator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/** One client made by one configuration, with the real plugin, transport and supervisor. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class ConfiguredClientIT {

    private static final Duration UNIT = Duration.ofMillis(100);
    private static final String ID = "deribit";
    private static final String PID = Configurations.CLIENT + "~" + ID;

    @Inject
    private BundleContext context;

    @Inject
    private ConfigurationAdmin admin;

    @Inject
    private ServiceComponentRuntime runtime;

    private Configurations configurations;
    private Services services;
    private Simulator simulator;
    private Map<String, Object> options;

    @Configuration
    public Option[] configuration() {
        return Containers.standard(ConfiguredClientIT.class);
    }

    @Before
    public void start() {
        configurations = new Configurations(admin);
        configurations.unlimitedAttempts();
        services = new Services(context);
        simulator = DeribitClient.simulator(UNIT, 100);
        options = DeribitClient.options(simulator, UNIT);
        options.put("supervisor.group", "trading");
        configurations.set(Configurations.GROUP, "trading", Map.of("intensity", 10));
    }

    @After
    public void stop() {
        configurations.close();
        simulator.awaitNoneOpen(Services.LIMIT);
        simulator.close();
    }

    private static ServiceRegistration<?> listener(Receiver receiver, BundleContext context) {
        return receiver.listenTo(context, ID);
    }

    private void configure() {
        configurations.set(Configurations.CLIENT, ID, options);
    }

    private Session awaitReady() {
        Session session = simulator.awaitOpen(1, Services.LIMIT).get(0);
        services.awaitCondition("holdfast.client." + ID + ".ready", true);
        return session;
    }

    @Test
    public void delivers_data_and_comes_back_after_a_reset() {
        Receiver receiver = new Receiver();
        ServiceRegistration<?> listener = listener(receiver, context);
        ClientEvents events = new ClientEvents();
        ServiceRegistration<?> observer = events.observe(context, ID);
        configure();
        Session first = awaitReady();
        services.awaitCondition("holdfast.client." + ID + ".up", true);
        services.awaitCondition("holdfast.group.trading.healthy", true);
        assertThat(simulator.deribit().state(first.number()).firstMethod()).isEqualTo("public/set_heartbeat");
        receiver.numbers().awaitMore(100);
        ServiceEvents ready = services.events("(osgi.condition.id=holdfast.client." + ID + ".ready)");
        ServiceEvents lasting = services.events(
                "(|(osgi.condition.id=holdfast.client." + ID + ".up)(osgi.condition.id=holdfast.group.trading.healthy)"
                        + "(objectClass=" + WebSocketClient.class.getName() + "))");

        simulator.faults().reset();

        Session second = simulator.awaitOpenAfter(first.number(), Services.LIMIT);
        events.await(Type.READY, 2);
        receiver.numbers().awaitMore(100);
        assertThat(simulator.deribit().state(second.number()).firstMethod()).isEqualTo("public/set_heartbeat");
        assertThat(events.count(Type.LOST)).isEqualTo(1);
        assertThat(receiver.continuity())
                .hasExactlyElementsOfTypes(
                        Continuity.Joined.class, Continuity.Interrupted.class, Continuity.Resumed.class);
        await().atMost(Services.LIMIT).until(() -> ready.registered() == 1 && ready.unregistered() == 1);
        assertThat(lasting.unregistered()).as("up, healthy and the handle stay").isZero();
        assertThat(receiver.numbers().doubled()).isZero();
        assertThat(simulator.accepts()).isEqualTo(2);
        listener.unregister();
        observer.unregister();
    }

    @Test
    public void answers_every_test_request_and_shows_it() {
        Receiver receiver = new Receiver();
        ServiceRegistration<?> listener = listener(receiver, context);
        configure();
        Session session = awaitReady();
        simulator.await(
                "three test_requests",
                () -> simulator.deribit().state(session.number()).testRequestsAnswered() >= 3,
                Services.LIMIT);

        ClientHealth health = services.client(ID).health();
        assertThat(health.status()).as(health.toString()).isEqualTo(ClientHealth.Status.OK);
        assertThat(health.heartbeat().type()).isEqualTo("deribit");
        assertThat(health.heartbeat().bound()).isTrue();
        assertThat(health.heartbeat().answered()).isGreaterThanOrEqualTo(3);
        assertThat(simulator.accepts()).isEqualTo(1);
        listener.unregister();
    }

    @Test
    public void shows_nothing_but_id_public_uri_and_group_in_service_properties() {
        options.put("uri", simulator.uri("/ws/api/v2?key=hidden").toString());
        options.put("listeners.required", 0);
        configure();
        awaitReady();

        ServiceReference<WebSocketClient> reference =
                services.reference(WebSocketClient.class, "(client.id=" + ID + ")");
        assertThat(reference.getPropertyKeys())
                .containsExactlyInAnyOrder(
                        "objectClass",
                        "service.id",
                        "service.bundleid",
                        "service.scope",
                        "client.id",
                        "uri",
                        "supervisor.group");
        assertThat(reference.getProperty("uri")).isEqualTo("ws://127.0.0.1:" + simulator.port() + "/ws/api/v2");
        assertThat(reference.getProperty("supervisor.group")).isEqualTo("trading");
    }

    @Test
    public void an_invalid_configuration_makes_no_socket_and_names_the_option() {
        Components components = new Components(runtime);
        options.put("listeners.required", 0);
        Map<String, Object> mistakes = Map.of(
                "connect.timeout", "10",
                "uri", "http://127.0.0.1/",
                "reconnect.jitter", 7.5,
                "delivery", "sometimes");
        mistakes.forEach((option, value) -> {
            Object right = options.put(option, value);
            configure();
            components.awaitFailure(PID, "'" + option + "'");
            assertThat(services.references(WebSocketClient.class, null)).isEmpty();
            configurations.delete(Configurations.CLIENT, ID);
            if (right == null) {
                options.remove(option);
            } else {
                options.put(option, right);
            }
        });
        assertThat(simulator.accepts()).isZero();

        options.put("conect.timeout", "10s");
        configure();
        components.awaitFailure(PID, "'conect.timeout'", "'connect.timeout'");
        assertThat(simulator.accepts()).isZero();

        // The same configuration, corrected, is a client.
        options.remove("conect.timeout");
        configure();
        awaitReady();
        assertThat(simulator.accepts()).isEqualTo(1);
    }

    @Test
    public void what_looks_like_a_secret_is_rejected_by_name_and_not_shown() {
        Components components = new Components(runtime);
        options.put("listeners.required", 0);
        for (String name : List.of("api.key", "heartbeat.password", "clientSecret", "refresh_token")) {
            options.put(name, "canary-4711");
            configure();
            assertThat(components.awaitFailure(PID, "'" + name + "'", "looks like a secret"))
                    .doesNotContain("canary-4711");
            configurations.delete(Configurations.CLIENT, ID);
            options.remove(name);
        }
        options.put("headers", new String[] {"Authorization: Bearer canary-4711"});
        configure();
        assertThat(components.awaitFailure(PID, "'headers'", "Authorization")).doesNotContain("canary-4711");
        assertThat(simulator.accepts()).isZero();
    }

    @Test
    public void a_second_client_with_the_same_id_is_refused_and_the_older_untouched() {
        Components components = new Components(runtime);
        options.put("listeners.required", 0);
        configure();
        Session session = awaitReady();
        long serviceId = serviceId();
        options.put("client.id", ID);

        configurations.set(Configurations.CLIENT, "other", options);

        components.awaitFailure(Configurations.CLIENT + "~other", "'client.id'", "'" + ID + "' is in use");
        assertThat(session.isOpen()).isTrue();
        assertThat(serviceId()).isEqualTo(serviceId);
        assertThat(simulator.accepts()).isEqualTo(1);

        // With an id of its own it is tried again.
        options.put("client.id", "another");
        configurations.set(Configurations.CLIENT, "other", options);
        services.awaitCondition("holdfast.client.another.ready", true);
        assertThat(session.isOpen()).isTrue();
        assertThat(simulator.accepts()).isEqualTo(2);
    }

    @Test
    public void a_configured_limit_holds_for_messages_and_each_caller_chooses() {
        Components components = new Components(runtime);
        options.put("listeners.required", 0);
        options.put("send.limit.messages", 2);
        configure();
        components.awaitFailure(PID, "'send.limit.messages'", "send.limit.burst + 2");
        options.put("send.limit.messages", 20);
        configure();
        Session session = awaitReady();
        WebSocketClient client = services.client(ID);
        List<CompletableFuture<Void>> all = new ArrayList<>();
        // They take a second: some still wait when the next is refused, even if this thread is put aside for a while.
        for (int i = 0; i < 20; i++) {
            all.add(client.send(text("queued-" + i), SendOptions.QUEUE).toCompletableFuture());
        }
        CompletableFuture<Void> rejected =
                client.send(text("rejected"), SendOptions.REJECT).toCompletableFuture();
        assertThat(rejected)
                .failsWithin(Services.LIMIT)
                .withThrowableThat()
                .withCauseInstanceOf(SendLimitException.class)
                .withMessageContaining("send.limit.messages");
        await().atMost(Services.LIMIT).until(() -> all.stream().allMatch(CompletableFuture::isDone));
        assertThat(all).noneMatch(CompletableFuture::isCompletedExceptionally);
        await().atMost(Services.LIMIT)
                .untilAsserted(() ->
                        assertThat(session.received()).anyMatch(r -> r.text().contains("queued-19")));
        assertThat(session.received()).noneMatch(r -> r.text().contains("rejected"));
        assertThat(session.isOpen()).isTrue();
    }

    private static String text(String id) {
        return "{\"jsonrpc\":\"2.0\",\"id\":\"" + id + "\",\"method\":\"public/get_time\"}";
    }

    private long serviceId() {
        return (Long) services.reference(WebSocketClient.class, "(client.id=" + ID + ")")
                .getProperty("service.id");
    }

    /** A refused option in the client's health shows that everything before it was dealt with. */
    private void awaitWarning(String option) {
        WebSocketClient client = services.client(ID);
        await("health names " + option).atMost(Services.LIMIT).untilAsserted(() -> {
            assertThat(client.health().status()).isEqualTo(ClientHealth.Status.WARN);
            assertThat(client.health().findings())
                    .anySatisfy(finding -> assertThat(finding).contains("'" + option + "'"));
        });
    }

    @Test
    public void a_touched_a_live_and_an_invalid_change_leave_the_socket_alone() {
        options.put("listeners.required", 0);
        ClientEvents events = new ClientEvents();
        ServiceRegistration<?> observer = events.observe(context, ID);
        configure();
        Session session = awaitReady();
        events.await(Type.READY, 1);
        int before = events.all().size();
        long serviceId = serviceId();

        configure();
        options.put("reconnect.maximum", "90ms");
        options.put("up.linger", "1s");
        configure();
        options.put("write.timeout", "soon");
        configure();
        awaitWarning("write.timeout");

        assertThat(session.isOpen()).isTrue();
        assertThat(simulator.accepts()).isEqualTo(1);
        assertThat(events.all()).as("nothing happened").hasSize(before);
        assertThat(serviceId()).isEqualTo(serviceId);

        // The live options of before the mistake are in force.
        simulator.faults().refuse();
        simulator.faults().reset();
        services.awaitCondition("holdfast.client." + ID + ".up", false);
        simulator.faults().accept();
        simulator.awaitOpenAfter(session.number(), Services.LIMIT);
        observer.unregister();
    }

    @Test
    public void a_changed_reconnect_option_costs_one_planned_reconnect_and_a_restart_option_a_new_client() {
        options.put("listeners.required", 0);
        ClientEvents events = new ClientEvents();
        ServiceRegistration<?> observer = events.observe(context, ID);
        configure();
        Session first = awaitReady();
        long serviceId = serviceId();

        options.put("headers", new String[] {"X-Marker: second"});
        configure();
        Session second = simulator.awaitOpenAfter(first.number(), Services.LIMIT);
        events.await(Type.READY, 2);
        assertThat(second.request().header("X-Marker")).contains("second");
        assertThat(first.record().closeCode()).isEqualTo(1000);
        assertThat(serviceId()).as("the same client").isEqualTo(serviceId);
        assertThat(events.count(Type.CONNECT_FAILED) + events.count(Type.EXITED))
                .isZero();

        options.put("delivery", "direct");
        configure();
        simulator.awaitOpenAfter(second.number(), Services.LIMIT);
        assertThat(second.record().closeCode()).isEqualTo(1001);
        await().atMost(Services.LIMIT).until(() -> serviceId() != serviceId);
        awaitReady();
        assertThat(simulator.accepts()).isEqualTo(3);
        observer.unregister();
    }
}
