// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.simulator.Simulator;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.felix.service.command.Descriptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimulatorCommandsTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Simulator simulator = Simulator.start();
    private final SimulatorCommands commands = new SimulatorCommands(simulator);

    @AfterEach
    void stop() {
        simulator.close();
    }

    private WebSocket open(String path) throws Exception {
        return HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(simulator.uri(path), new WebSocket.Listener() {})
                .get(20, TimeUnit.SECONDS);
    }

    @Test
    void everyCommandIsDeclaredAndDescribed() throws Exception {
        String source = Files.readString(
                Path.of("src", "main", "java", SimulatorCommands.class.getName().replace('.', '/') + ".java"));
        Set<String> declared = Pattern.compile("osgi\\.command\\.function=(\\w+)")
                .matcher(source)
                .results()
                .map(r -> r.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> methods = Arrays.stream(SimulatorCommands.class.getDeclaredMethods())
                .filter(m -> m.isAnnotationPresent(Descriptor.class))
                .map(m -> m.getName())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(declared).isEqualTo(methods).hasSize(25);
    }

    @Test
    void strikesWhatItIsTold() throws Exception {
        open("/generic/a");
        open("/ws/api/v2");
        open("/ws");
        assertThat(commands.status()).contains("port " + simulator.port(), "1  /generic/a", "/generic/a  last ");
        assertThat(commands.halfopen("1")).startsWith("halfOpen on [1] at ");
        assertThat(commands.shutdown("/ws")).startsWith("serverShutdown on [3]");
        assertThat(commands.testrequest()).startsWith("testRequest on [1, 2, 3]");
        assertThat(commands.reading("off", "3")).startsWith("stopReading on [3]");
        assertThat(commands.reading("on", "3")).startsWith("resumeReading on [3]");
        assertThat(commands.flood(10, 100, "2")).startsWith("flood on [2]");
        assertThat(commands.oversized(1000, "2")).startsWith("oversized on [2]");
        assertThat(commands.malformed("utf8", "2")).startsWith("invalidUtf8 on [2]");
        open("/ws/api/v2");
        assertThat(commands.cut("4")).startsWith("cutInFrame on [4]");
        assertThat(commands.close(1001, "away", "3")).startsWith("close on [3]");
        assertThat(commands.reset("/generic")).startsWith("reset on [1]");
        simulator.awaitNoneOpen(LIMIT);
        assertThat(commands.accepts()).contains("1  ", "/generic/a  OPENED  FAULT (RST)", "FAULT (close 1001 away)");
        assertThat(commands.fin()).startsWith("fin on []");
        assertThatThrownBy(() -> commands.malformed("x")).hasMessageContaining("opcode|utf8|masked");
        assertThatThrownBy(() -> commands.reset("1", "2")).hasMessageContaining("unexpected: 2");
    }

    @Test
    void switchesLastingFaultsAttemptsAndRates() throws Exception {
        for (String what : new String[] {"heartbeats", "testrequests", "pongs", "answers"}) {
            assertThat(commands.withhold(what, "/ws/api/v2")).startsWith("withhold");
        }
        assertThat(commands.silence("/generic/a")).startsWith("silence");
        assertThat(commands.clear()).startsWith("clear");
        commands.refuse();
        assertThatThrownBy(() -> open("/generic/a"))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(ConnectException.class);
        commands.accept();
        commands.upgrades(1, "401");
        assertThatThrownBy(() -> open("/generic/a")).isInstanceOf(ExecutionException.class);
        open("/generic/a");
        commands.limit(1);
        assertThatThrownBy(() -> open("/generic/a")).isInstanceOf(ExecutionException.class);
        assertThat(commands.rate(500)).isEqualTo("rate 500.0");
        commands.rate(1000, "/generic/a");
        simulator.await("numbers", () -> simulator.data().last("/generic/a") > 500, LIMIT);
        commands.refuse("1h");
        assertThat(simulator.acceptLog()).extracting(r -> r.status()).contains(401, 429);
    }
}
