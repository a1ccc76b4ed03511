// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.holdfast.api.client.ClientHealth;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.supervision.Supervisor.ChildStatus;
import io.holdfast.api.supervision.Supervisor.Reply;
import io.holdfast.itests.plugin.TestPlugins;
import io.holdfast.itests.support.Bundles;
import io.holdfast.itests.support.ClientEvents;
import io.holdfast.itests.support.Configurations;
import io.holdfast.itests.support.ContainerLog;
import io.holdfast.itests.support.Containers;
import io.holdfast.itests.support.Receiver;
import io.holdfast.itests.support.Services;
import io.holdfast.simulator.AcceptRecord;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import io.holdfast.simulator.Upgrade;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

/** The recipes of docs/supervision.md, read from the page: each does what the page says. Only addresses and files are exchanged. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class RecipesIT {

    private static final Pattern RECIPE = Pattern.compile("```json recipe=(\\S+)\\n(.*?)```", Pattern.DOTALL);
    private static final String PATH = "/ws/api/v2";
    private static final String GROUP = "trading";

    @Inject
    private BundleContext context;

    @Inject
    private ConfigurationAdmin admin;

    private Services services;
    private Bundles bundles;
    private Configurations configurations;
    private Simulator exchange;
    private Path key;
    private final Map<String, ClientEvents> events = new HashMap<>();
    private final Map<String, ServiceRegistration<?>> registrations = new HashMap<>();

    @Configuration
    public Option[] configuration() {
        return Containers.standard(RecipesIT.class, Containers.provide("throws", TestPlugins.faulty("throws")));
    }

    @Before
    public void start() throws IOException {
        services = new Services(context);
        bundles = new Bundles(context);
        configurations = new Configurations(admin);
        exchange = Simulator.start(SimulatorOptions.builder().rate(0).build());
        key = Files.createTempFile(
                "key",
                ".properties",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(key, "header.X-Api-Key=wrong\n");
    }

    @After
    public void stop() throws IOException {
        configurations.close();
        registrations.values().forEach(ServiceRegistration::unregister);
        exchange.awaitNoneOpen(Services.LIMIT);
        exchange.close();
        Files.delete(key);
    }

    private void configure(String recipe) throws IOException {
        Matcher blocks =
                RECIPE.matcher(Files.readString(Path.of(System.getProperty("holdfast.itests.docs"), "supervision.md")));
        while (blocks.find()) {
            if (blocks.group(1).equals(recipe)) {
                JsonObject all = JsonParser.parseString(blocks.group(2)).getAsJsonObject();
                all.entrySet()
                        .forEach(entry ->
                                configure(entry.getKey(), entry.getValue().getAsJsonObject()));
                return;
            }
        }
        throw new IllegalArgumentException("no recipe " + recipe);
    }

    private void configure(String pid, JsonObject json) {
        int tilde = pid.indexOf('~');
        String factory = pid.substring(0, tilde);
        String name = pid.substring(tilde + 1);
        Map<String, Object> options = new LinkedHashMap<>();
        json.entrySet()
                .forEach(entry ->
                        options.put(entry.getKey(), value(entry.getValue().getAsJsonPrimitive())));
        options.computeIfPresent("uri", (option, uri) -> exchange.uri(PATH).toString());
        options.computeIfPresent("file", (option, file) -> key.toString());
        if (factory.equals(Configurations.CLIENT)) {
            ClientEvents seen = new ClientEvents();
            events.put(name, seen);
            registrations.put(name + " observed", seen.observe(context, name));
            registrations.put(name + " heard", new Receiver().listenTo(context, name));
        }
        configurations.set(factory, name, options);
    }

    private static Object value(JsonElement json) {
        JsonPrimitive primitive = json.getAsJsonPrimitive();
        return primitive.isNumber() ? (Object) primitive.getAsInt() : primitive.getAsString();
    }

    private ChildStatus status(String id) {
        return services.supervisor(GROUP).status().children().stream()
                .filter(c -> c.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private void awaitStatus(String id, ChildStatus.State state) {
        await(id + " " + state).atMost(Services.LIMIT).until(() -> status(id).state() == state);
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(Services.LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    public void an_outage_is_outlasted() throws Exception {
        configure("outage");
        events.get("deribit").await(Type.READY, 1);

        exchange.faults().refuse();
        exchange.faults().reset();
        events.get("deribit").await(Type.CONNECT_FAILED, 4);
        exchange.faults().accept();
        events.get("deribit").await(Type.READY, 2);

        assertThat(events.get("deribit").count(Type.EXITED)).isZero();
        assertThat(status("deribit").restarts()).isZero();
        assertThat(ContainerLog.linesWith("child 'deribit': gives up after")).isEmpty();
    }

    @Test
    public void impatience_is_told() throws Exception {
        configure("impatient");
        events.get("impatient").await(Type.READY, 1);

        await().atMost(Services.LIMIT)
                .until(() -> ContainerLog.linesWith("child 'impatient': gives up after 3s")
                                .size()
                        == 1);
        assertThat(ContainerLog.linesWith("after an outage of 33s it would be given up"))
                .hasSize(1);
    }

    @Test
    public void a_bad_key_costs_one_attempt_until_it_is_corrected() throws Exception {
        exchange.faults().upgrades(Upgrade.refuse(401));
        configure("bad-key");
        events.get("private").await(Type.GIVEN_UP, 1);
        awaitStatus("private", ChildStatus.State.GIVEN_UP);
        await("a second attempt")
                .during(Duration.ofSeconds(2))
                .atMost(Services.LIMIT)
                .until(() -> exchange.accepts() == 1);

        Files.writeString(key, "header.X-Api-Key=right\n");
        exchange.faults().upgrades(Upgrade.accept());
        assertThat(get(services.supervisor(GROUP).reset("private"))).isEqualTo(Reply.OK);
        events.get("private").await(Type.READY, 1);
        assertThat(exchange.open().get(0).request().header("X-Api-Key")).contains("right");
        assertThat(status("private").restarts()).isZero();
    }

    @Test
    public void a_crashing_plugin_costs_no_connection() throws Exception {
        configure("crashing-plugin");
        events.get("deribit").await(Type.READY, 1);
        Bundle faulty = bundles.installAndStart(Containers.provided("throws"));
        events.get("deribit").await(Type.HEARTBEAT_FAULT, 3);
        assertThat(services.client("deribit").health().status()).isEqualTo(ClientHealth.Status.WARN);

        bundles.uninstall(faulty);
        events.get("deribit").await(Type.HEARTBEAT_BOUND, 2);
        await().atMost(Services.LIMIT)
                .until(() -> services.client("deribit").health().findings().isEmpty());
        assertThat(exchange.accepts()).isEqualTo(1);
        assertThat(status("deribit").restarts()).isZero();
    }

    @Test
    public void maintenance_is_no_restart() throws Exception {
        configure("maintenance");
        events.get("deribit").await(Type.READY, 1);

        assertThat(get(services.supervisor(GROUP).terminateChild("deribit"))).isEqualTo(Reply.OK);
        AcceptRecord closed = exchange.awaitEnd(1, Services.LIMIT);
        assertThat(closed.end()).isEqualTo(AcceptRecord.End.CLIENT_CLOSE);
        bundles.update(bundles.named("io.holdfast.supervisor"));
        events.get("deribit").await(Type.SUPERVISED, 2);
        awaitStatus("deribit", ChildStatus.State.STOPPED);
        assertThat(exchange.accepts()).isEqualTo(1);

        assertThat(get(services.supervisor(GROUP).restartChild("deribit"))).isEqualTo(Reply.OK);
        events.get("deribit").await(Type.READY, 2);
        awaitStatus("deribit", ChildStatus.State.RUNNING);
        assertThat(status("deribit").restarts()).isZero();
    }
}
