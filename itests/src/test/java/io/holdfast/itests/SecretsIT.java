// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ClientState;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.CredentialSource;
import io.holdfast.api.client.MessageListener;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.client.WebSocketClients;
import io.holdfast.api.transport.Secret;
import io.holdfast.itests.support.ClientEvents;
import io.holdfast.itests.support.Components;
import io.holdfast.itests.support.Configurations;
import io.holdfast.itests.support.ContainerLog;
import io.holdfast.itests.support.Containers;
import io.holdfast.itests.support.GenericClient;
import io.holdfast.itests.support.Receiver;
import io.holdfast.itests.support.Services;
import io.holdfast.itests.support.Surface;
import io.holdfast.simulator.Session;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.Upgrade;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.inject.Inject;
import org.apache.felix.service.command.CommandProcessor;
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
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;

/**
 * Secrets planted wherever a user can put one, then looked for wherever others can look. Not planted in accepted
 * configurations: those are public, as Config Admin and SCR show them to everybody, and refuse what looks like a secret.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class SecretsIT {

    private static final String CANARY = "cAnArY";
    private static final String GROUP = "trading";

    @Inject
    private BundleContext context;

    @Inject
    private ConfigurationAdmin admin;

    @Inject
    private ServiceComponentRuntime runtime;

    @Inject
    private CommandProcessor shell;

    private final Surface surface = new Surface();
    private final ClientEvents events = new ClientEvents();
    private Services services;
    private Configurations configurations;
    private Components components;
    private Simulator simulator;
    private Path folder;
    private List<ServiceRegistration<?>> registrations;

    @Configuration
    public Option[] configuration() {
        return Containers.standard(SecretsIT.class);
    }

    @Before
    public void start() throws IOException {
        services = new Services(context);
        components = new Components(runtime);
        configurations = new Configurations(admin);
        configurations.unlimitedAttempts();
        configurations.set(Configurations.GROUP, GROUP, Map.of("intensity", 1));
        simulator = Simulator.start();
        folder = Files.createTempDirectory("holdfast-secrets");
        registrations = List.of(
                events.observe(context),
                context.registerService(
                        EventHandler.class, surface, new Hashtable<>(Map.of(EventConstants.EVENT_TOPIC, "*"))),
                // A user's own service: whoever may look into the registry sees its properties, but nobody sees them
                // through us.
                context.registerService(
                        MessageListener.class,
                        new Receiver(),
                        new Hashtable<>(Map.of(MessageListener.CLIENT, "file", "password", CANARY + "-listener"))),
                context.registerService(CredentialSource.class, this::credentials, null));
    }

    @After
    public void stop() throws IOException {
        configurations.close();
        simulator.close();
        registrations.forEach(ServiceRegistration::unregister);
        for (Path file : Files.list(folder).toList()) {
            Files.delete(file);
        }
        Files.delete(folder);
    }

    private Map<String, Secret> credentials(String name) {
        return switch (name) {
            case "service" -> Map.of("header.Authorization", secret("service"), "truststore", secret("truststore"));
            case "broken" -> throw new IllegalStateException(CANARY + "-thrown");
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static Secret secret(String what) {
        return Secret.of((CANARY + "-" + what).toCharArray());
    }

    private Path file(String name, String permissions, String content) throws IOException {
        Path file = Files.writeString(folder.resolve(name), content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private void client(String id, Map<String, ?> more) {
        Map<String, Object> options = GenericClient.fragile(simulator, id, GROUP);
        options.putAll(more);
        configurations.set(Configurations.CLIENT, id, options);
    }

    private Session open(String id) {
        simulator.await(
                "connection of " + id,
                () -> simulator.open(GenericClient.path(id)).size() == 1,
                Services.LIMIT);
        return simulator.open(GenericClient.path(id)).get(0);
    }

    private void awaitEvent(String id, Type type) {
        await(id + " " + type)
                .atMost(Services.LIMIT)
                .until(() -> events.of(type).stream()
                        .anyMatch(event -> event.clientId().equals(id)));
    }

    @Test
    public void no_secret_is_shown_anywhere() throws Exception {
        accepted();
        opened();
        rejected();
        look();

        assertThat(surface.sizes())
                .containsOnlyKeys(
                        "event admin",
                        "refusals",
                        "exceptions",
                        "log",
                        "events",
                        "service properties",
                        "components",
                        "clients",
                        "groups",
                        "options",
                        "shell",
                        "threads")
                .allSatisfy((place, size) -> assertThat(size).as(place).isPositive());
        assertThat(surface.with(CANARY)).isEmpty();
        System.out.println("SecretsIT: searched " + surface.sizes());
    }

    /** Configured clients with credentials, in every kind of trouble. */
    private void accepted() throws IOException {
        Path good = file("good", "rw-------", "# comment\nheader.Authorization=Bearer " + CANARY + "-file\n");
        Path open = file("open", "rw-r--r--", "header.Authorization=Bearer " + CANARY + "-open\n");
        Path wrong = file("wrong", "rw-------", CANARY + "-without-key\n");
        configurations.set(Configurations.CREDENTIALS, "file", Map.of("file", good.toString()));
        configurations.set(Configurations.CREDENTIALS, "open", Map.of("file", open.toString()));
        configurations.set(Configurations.CREDENTIALS, "wrong", Map.of("file", wrong.toString()));
        configurations.set(Configurations.CREDENTIALS, "environment", Map.of("env.prefix", "HOLDFAST_IT_"));
        Path trust = file("trust", "rw-------", "no trust store");

        for (String id : List.of("file", "open", "wrong", "environment", "service", "broken", "nobody")) {
            client(id, Map.of("credentials", id));
        }
        client(
                "trust",
                Map.of(
                        "credentials",
                        "service",
                        "tls.truststore",
                        trust.toString(),
                        "uri",
                        "wss://127.0.0.1:" + simulator.port() + GenericClient.path("trust")));

        assertThat(open("file").request().header("Authorization")).contains("Bearer " + CANARY + "-file");
        assertThat(open("environment").request().header("X-API-KEY")).contains(CANARY + "-environment");
        assertThat(open("service").request().header("Authorization")).contains(CANARY + "-service");
        for (String id : List.of("open", "wrong", "broken", "nobody", "trust")) {
            awaitEvent(id, Type.GIVEN_UP);
        }
        simulator.faults().upgrades(1, Upgrade.refuse(401));
        simulator.faults().on(GenericClient.path("file")).reset();
        awaitEvent("file", Type.GIVEN_UP);
        simulator.faults().on(GenericClient.path("service")).close(1011, "sorry");
        awaitEvent("service", Type.EXITED);
    }

    /** Clients opened by code, which may hold anything: the query of the URI, headers, texts. */
    private void opened() throws Exception {
        WebSocketClients clients = services.get(WebSocketClients.class, null);
        ClientOptions options = ClientOptions.uri(simulator.uri("/generic/opened") + "?token=" + CANARY + "-query")
                .id("opened")
                .header("X-Session", CANARY + "-header")
                .openMessage(
                        "{\"method\":\"public/auth\",\"params\":{\"client_secret\":\"" + CANARY + "-message\"}}",
                        "never answered")
                // Each of the two connections lasts so long, and one of them must be seen.
                .option("open.messages.limit", "1s")
                .option("heartbeat.type", "none")
                .option("reconnect.floor", "20ms")
                .option("reconnect.initial", "20ms")
                .option("reconnect.attempts", 2)
                .build();
        WebSocketClient client = clients.open(options, new Receiver(), events);
        Session session = open("opened");
        assertThat(session.request().query()).contains(CANARY + "-query");
        assertThat(session.request().header("X-Session")).contains(CANARY + "-header");
        surface.add("options", options);
        surface.add("clients", client);
        surface.addThrowable(
                "exceptions",
                catchThrowable(() -> client.opened().toCompletableFuture().get(30, TimeUnit.SECONDS)));
        await().atMost(Services.LIMIT).until(() -> client.state() == ClientState.CLOSED);
        surface.addThrowable(
                "exceptions",
                catchThrowable(() ->
                        client.send(CANARY + "-sent").toCompletableFuture().get()));
        surface.add("clients", client.health());
        surface.add("clients", client.metrics());
    }

    /** What is refused by name stands in the configuration, and nowhere else. */
    private void rejected() {
        Map<String, Object> mistakes = new HashMap<>(Map.of(
                "api.key", CANARY + "-property",
                "heartbeat.secret", CANARY + "-heartbeat",
                "headers", "Authorization: Bearer " + CANARY + "-authorization",
                "uri", "ws://user:" + CANARY + "-user@127.0.0.1:" + simulator.port() + "/generic/user",
                "reconnect.floor", CANARY + "-floor",
                "close.fatal", CANARY + "-codes"));
        mistakes.forEach((name, value) -> {
            client("rejected", Map.of(name, value));
            surface.add("refusals", components.awaitFailure(Configurations.CLIENT + "~rejected", "'" + name + "'"));
            configurations.delete(Configurations.CLIENT, "rejected");
            Map<String, Object> options = GenericClient.options(simulator, "rejected");
            options.put(name, value);
            surface.addThrowable("exceptions", catchThrowable(() -> ClientOptions.of(options)));
        });
        // The plugin's own options, read by the plugin when there is one.
        client("marker", Map.of("heartbeat.type", "deribit", "heartbeat.marker", "no " + CANARY + "!"));
        awaitEvent("marker", Type.HEARTBEAT_FAULT);
        surface.add("refusals", services.client("marker").health());
        configurations.delete(Configurations.CLIENT, "marker");
        // SCR 2.2.18 may throw when it is asked for a component that goes.
        components.awaitGone(Configurations.CLIENT + "~marker");
    }

    private void look() {
        surface.addAll("events", events.all());
        surface.addServiceProperties(context);
        surface.addAll("components", components.configurations());
        for (String id : List.of("file", "open", "wrong", "environment", "service", "broken", "nobody", "trust")) {
            WebSocketClient client = services.client(id);
            surface.add("clients", client);
            surface.add("clients", client.health());
            surface.add("clients", client.metrics());
            surface.addCommand(shell, "holdfast:show " + id);
            surface.addCommand(shell, "holdfast:events " + id);
        }
        surface.add("groups", services.supervisor(GROUP).status());
        surface.addCommand(shell, "holdfast:list");
        surface.addCommand(shell, "holdfast:events 1000");
        surface.addCommand(shell, "scr:list");
        components.configurations().stream().map(c -> c.id).forEach(id -> surface.addCommand(shell, "scr:info " + id));
        Thread.getAllStackTraces().keySet().forEach(thread -> surface.add("threads", thread.getName()));
        surface.addAll("log", ContainerLog.lines());
    }
}
