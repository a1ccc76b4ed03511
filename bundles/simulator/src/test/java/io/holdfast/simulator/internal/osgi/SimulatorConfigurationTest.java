// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.api.options.Option;
import io.holdfast.simulator.SimulatorOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulatorConfigurationTest {

    @Test
    void theDefaultsAreThoseOfTheClass() {
        SimulatorOptions read = SimulatorConfiguration.options(SimulatorConfiguration.parse(Map.of()));
        assertThat(read).usingRecursiveComparison().isEqualTo(SimulatorOptions.defaults());
    }

    @Test
    void readsEveryOption() {
        var values = SimulatorConfiguration.parse(Map.ofEntries(
                Map.entry("port", 8443),
                Map.entry("rate", "2.5"),
                Map.entry("heartbeat.unit", "20ms"),
                Map.entry("seed", "7"),
                Map.entry("expires.in", "1h"),
                Map.entry("binance.message.limit", "0"),
                Map.entry("protocols", new String[] {"a", "b"}),
                Map.entry("connection.limit", "32"),
                Map.entry("message.max", "1000"),
                Map.entry("pending.max", "2000"),
                Map.entry("received.keep", "3"),
                Map.entry("accepts.keep", "4"),
                Map.entry("replay", "/stream=/data/a.jsonl"),
                Map.entry("replay.rate", "100"),
                Map.entry("service.pid", "x")));
        SimulatorOptions options = SimulatorConfiguration.options(values);
        assertThat(options.port()).isEqualTo(8443);
        assertThat(options.rate()).isEqualTo(2.5);
        assertThat(options.heartbeatUnit()).isEqualTo(Duration.ofMillis(20));
        assertThat(options.seed()).isEqualTo(7);
        assertThat(options.expiresIn()).isEqualTo(3600);
        assertThat(options.binanceMessageLimit()).isZero();
        assertThat(options.protocols()).containsExactly("a", "b");
        assertThat(options.connectionLimit()).isEqualTo(32);
        assertThat(options.maxMessage()).isEqualTo(1000);
        assertThat(options.maxPending()).isEqualTo(2000);
        assertThat(options.keepReceived()).isEqualTo(3);
        assertThat(options.keepAccepts()).isEqualTo(4);
        assertThat(SimulatorConfiguration.recordings(values)).isEqualTo(Map.of("/stream", Path.of("/data/a.jsonl")));
        assertThat(SimulatorConfiguration.replayRate(values)).isEqualTo(100);
    }

    @ParameterizedTest
    @CsvSource({
        "port,70000",
        "port,-1",
        "rate,-1",
        "rate,nan",
        "heartbeat.unit,0s",
        "heartbeat.unit,2h",
        "message.max,1",
        "accepts.keep,0",
        "received.keep,2000000",
        "replay,nothing",
        "replay,/x=",
        "replay.speed,2",
        "replay.speed,-1",
        "prot,1",
        "client.secret,x"
    })
    void namesWhatIsWrong(String name, String value) {
        assertThatThrownBy(() -> SimulatorConfiguration.parse(Map.of(name, value)))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining(name);
    }

    /** The table in the README is the declaration. */
    @Test
    void theReadmeHasEveryOption() throws Exception {
        String readme = Files.readString(Path.of("README.md"));
        for (Option option : SimulatorConfiguration.OPTIONS.options()) {
            String live = option.effect() == Option.Effect.LIVE ? "yes" : "restart";
            assertThat(readme)
                    .contains("| `" + option.name() + "` | "
                            + option.type().name().toLowerCase(Locale.ROOT) + " | "
                            + (option.defaultText().isEmpty() ? "none" : "`" + option.defaultText() + "`") + " | "
                            + live + " | "
                            + option.description() + " |");
        }
    }
}
