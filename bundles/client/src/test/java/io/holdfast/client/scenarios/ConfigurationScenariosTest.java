// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.scenarios;

import static io.holdfast.client.scenarios.House.LIMIT;
import static io.holdfast.client.scenarios.House.get;
import static io.holdfast.client.scenarios.House.quick;
import static io.holdfast.client.scenarios.House.stays;
import static io.holdfast.client.scenarios.House.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ClientState;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.api.supervision.Supervisor.ChildStatus;
import io.holdfast.client.engine.ClientSpec;
import io.holdfast.client.engine.ManagedClient;
import io.holdfast.simulator.ConnectionHandler;
import io.holdfast.simulator.Session;
import io.holdfast.simulator.Simulator;
import io.holdfast.supervisor.group.Group;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options: what is refused, and what changes under a living connection. */
class ConfigurationScenariosTest {
    private final Simulator simulator = Simulator.start();
    private final House house = new House();
    private final Seen seen = new Seen();

    @AfterEach
    void stop() {
        house.close();
        simulator.close();
    }

    @ParameterizedTest
    @CsvSource({
        "reconnect.flor, 1s, did you mean 'reconnect.floor'",
        "retry.count, 3, unknown",
        "reconnect.attempts, many, must be a number",
        "reconnect.attempts, -1, at least 0",
        "reconnect.floor, 1000, unit",
        "reconnect.initial, 0s, positive",
        "reconnect.jitter, 1.5, from 0.0 to 1.0",
        "insecure, yes, true or false",
        "overflow, grow, must be one of",
        "close.fatal, 17, close codes",
        "message.max.bytes, 0, at least 1",
        "api.key, abc, looks like a secret",
        "headers, 'Authorization: Bearer x', secret"
    })
    @DisplayName("N27 an unknown option and a wrong value are refused by the option's name")
    void N27_wrongOptionsAreRefusedByName(String name, String value, String reason) {
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() ->
                        quick(simulator.uri("/generic/x")).option(name, value).build())
                .withMessageContaining(name)
                .withMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1/, ws://",
        "ws:///x, host",
        "wss://example.com:65536/, port",
        "wss://example.com:0/, port",
        "ws://example.com/, insecure",
        "ws://u:p@127.0.0.1/, credentials"
    })
    @DisplayName("N27 a wrong URI is refused at once, without thread or socket")
    void N27_wrongUrisAreRefused(String uri, String reason) {
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> ClientOptions.of(Map.of("uri", uri)))
                .withMessageContaining("uri")
                .withMessageContaining(reason);
        assertThat(house.clients.all()).isEmpty();
    }

    @Test
    @DisplayName("N27 a wrong option of a plugin opens no connection with a wrong heartbeat: health names it")
    void N27_wrongPluginOptionsAreNamed() {
        WebSocketClient client = house.open(
                quick(simulator.uri("/generic/x"))
                        .heartbeat("generic", Map.of("intervall", "1s"))
                        .option("heartbeat.wait", "1h"),
                seen);
        assertThat(seen.cause(Type.HEARTBEAT_FAULT).message())
                .contains("heartbeat.intervall")
                .contains("heartbeat.interval");
        assertThat(client.health().findings()).anyMatch(f -> f.contains("heartbeat.intervall"));
        assertThat(simulator.accepts()).isZero();
    }

    private Map<String, Object> clientOptions(String initial) {
        Map<String, Object> options = new HashMap<>();
        options.put("client.id", "live");
        options.put("uri", simulator.uri("/generic/x").toString());
        options.put("supervisor.group", "g");
        options.put("listeners.required", "0");
        options.put("reconnect.floor", "10ms");
        options.put("reconnect.initial", initial);
        options.put("reconnect.maximum", "1h");
        options.put("reconnect.jitter", "0");
        options.put("reconnect.attempts", "2");
        options.put("reconnect.stable.after", "1h");
        return options;
    }

    @Test
    @DisplayName(
            "N30 intensity, back-off and policy changed at run time: used from the next failure on, no socket touched")
    void N30_changedLimitsHoldFromTheNextFailureOn() throws Exception {
        Group group = house.group("g", Map.of("intensity", "0"));
        ManagedClient client = house.clients.create(
                new ClientSpec("live", ClientOptions.of(clientOptions("1h")), true), Optional.of(seen), c -> {});
        client.addListener(seen, Optional.empty());
        group.add(client.child().orElseThrow());
        client.begin();
        get(client.handle().opened());

        group.reconfigure(House.groupOptions("g", Map.of("intensity", "1")));
        client.reconfigure(ClientOptions.of(clientOptions("70ms")));
        stays(
                "no socket is touched",
                Duration.ofMillis(300),
                () -> simulator.accepts() == 1 && client.handle().state() == ClientState.READY);
        until("the group's new limit", () -> group.status().intensity() == 1);

        simulator.faults().reset();
        assertThat(seen.await(Type.RECONNECTING).delay()).isEqualTo(Duration.ofMillis(70));
        seen.await(Type.READY, 2);
        // The second loss is the last attempt: the exit would be given up under the old intensity of 0.
        simulator.faults().reset();
        seen.await(Type.EXITED);
        seen.await(Type.READY, 3);
        until("the restarted child", () -> group.status().children().get(0).state() == ChildStatus.State.RUNNING);
        assertThat(group.status().children()).extracting(ChildStatus::restarts).containsExactly(1);

        group.reconfigure(House.groupOptions("g", Map.of("intensity", "0")));
        until("the group's old limit", () -> group.status().intensity() == 0);
        stays(
                "no socket is touched",
                Duration.ofMillis(200),
                () -> simulator.accepts() == 3 && client.handle().state() == ClientState.READY);
        simulator.faults().reset();
        seen.await(Type.READY, 4);
        simulator.faults().reset();
        seen.await(Type.GIVEN_UP);
        assertThat(client.handle().state()).isEqualTo(ClientState.EXITED);
        assertThat(client.handle().health().findings()).anyMatch(f -> f.contains("given up"));

        get(group.reset("live"));
        seen.await(Type.READY, 5);
    }

    @Test
    @DisplayName("N30 a changed URI reconnects once, orderly, and counts as no failure")
    void N30_aChangedUriReconnectsOnce() throws Exception {
        Map<String, Object> options = clientOptions("1h");
        options.remove("supervisor.group");
        ManagedClient client = house.clients.create(
                new ClientSpec("live", ClientOptions.of(options), true), Optional.of(seen), c -> {});
        client.addListener(seen, Optional.empty());
        client.begin();
        get(client.handle().opened());

        options.put("uri", simulator.uri("/generic/y").toString());
        client.reconfigure(ClientOptions.of(options));

        seen.await(Type.READY, 2);
        assertThat(simulator.awaitEnd(1, LIMIT).closeCode()).isEqualTo(1000);
        assertThat(simulator.open())
                .singleElement()
                .satisfies(s -> assertThat(s.request().path()).isEqualTo("/generic/y"));
        assertThat(simulator.accepts()).isEqualTo(2);
        client.handle().close();
    }

    @Test
    @DisplayName("N32 the simulator is a bundle with an exported API, and a script is active before the 101")
    void N32_aScriptIsThereBeforeThe101() throws Exception {
        Attributes manifest = manifestOf(Simulator.class);
        assertThat(manifest.getValue("Bundle-SymbolicName")).isEqualTo("io.holdfast.simulator");
        assertThat(manifest.getValue("Export-Package")).contains("io.holdfast.simulator;version");
        assertThat(manifest.getValue("Import-Package")).doesNotContain("org.junit", "org.ops4j");

        simulator.handle("/mine", session -> new ConnectionHandler() {
            @Override
            public void onOpen(Session opened) {
                opened.text("first " + opened.number());
            }

            @Override
            public void onText(Session from, String text) {
                from.text("got " + text);
            }
        });
        List<Seen> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Seen mine = new Seen();
            all.add(mine);
            WebSocketClient client = house.open(quick(simulator.uri("/mine")).id("c" + i), mine);
            client.opened().thenRun(() -> client.send("hello"));
        }
        for (Seen mine : all) {
            until("both texts", () -> mine.count() == 2);
            assertThat(mine.texts().get(0)).startsWith("first ");
            assertThat(mine.texts().get(1)).isEqualTo("got hello");
        }
    }

    /** The manifest beside the class, in a jar or in a folder of classes. */
    private static Attributes manifestOf(Class<?> type) throws IOException, URISyntaxException {
        URI where = type.getProtectionDomain().getCodeSource().getLocation().toURI();
        Path path = Path.of(where);
        if (Files.isDirectory(path)) {
            try (InputStream in = Files.newInputStream(path.resolve("META-INF/MANIFEST.MF"))) {
                return new Manifest(in).getMainAttributes();
            }
        }
        try (JarFile jar = new JarFile(path.toFile())) {
            return jar.getManifest().getMainAttributes();
        }
    }
}
