// SPDX-License-Identifier: Apache-2.0
package io.holdfast.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {

    private static final String PROMPT = "org.apache.felix.gogo.jline";

    @TempDir
    Path directory;

    @Test
    void without_options_runs_on_the_built_in_configuration() throws UsageException {
        Options options = Options.parse();

        assertThat(options.mode()).isEqualTo("run");
        assertThat(options.arguments()).isEmpty();
        assertThat(options.configuration()).isEmpty();
    }

    @Test
    void config_runs_on_the_users_file() throws Exception {
        Path file = Files.writeString(directory.resolve("mine.json"), "{}");

        Options options = Options.parse("--config", file.toString());

        assertThat(options.mode()).isEqualTo("run");
        assertThat(options.configuration()).contains(file);
    }

    @Test
    void replay_hands_its_directory_to_the_mode() throws Exception {
        for (String exchange : List.of("deribit", "binance")) {
            Files.writeString(
                    Files.createDirectories(directory.resolve(exchange)).resolve("a.jsonl"), "");
        }

        Options options = Options.parse("--replay", directory.toString());

        assertThat(options.mode()).isEqualTo("replay");
        assertThat(options.arguments()).containsExactly(directory.toString());
    }

    @Test
    void demo_hands_over_what_to_leave_out() throws UsageException {
        assertThat(Options.parse("--demo").arguments()).isEmpty();
        for (String part : List.of("heartbeat", "supervisor", "watchdog")) {
            Options options = Options.parse("--demo", "--without", part);
            assertThat(options.mode()).isEqualTo("demo");
            assertThat(options.arguments()).containsExactly("--without", part);
        }
    }

    @Test
    void help_wins_wherever_it_stands() throws UsageException {
        assertThat(Options.parse("--demo", "--help").mode()).isEqualTo("help");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--dmeo                  | unknown option '--dmeo'",
                "demo                    | unknown option 'demo'",
                "--demo now              | unknown option 'now'",
                "--config                | --config needs a value",
                "--config --demo         | --config needs a value",
                "--config /no/such.json  | --config: no such file or directory, or not readable: /no/such.json",
                "--replay                | --replay needs a value",
                "--replay /no/such       | --replay: no such file or directory, or not readable: /no/such",
                "--without heartbeat     | --without belongs after --demo",
                "--demo --without        | --without needs a value",
                "--demo --without jetty  | --without must be heartbeat, supervisor or watchdog, not 'jetty'",
                "--demo --replay x       | --replay cannot be combined with --demo",
            })
    void wrong_usage_is_named(String line, String message) {
        assertThatThrownBy(() -> Options.parse(line.split(" ")))
                .isInstanceOf(UsageException.class)
                .hasMessage(message);
    }

    @Test
    void replay_wants_a_directory() throws Exception {
        Path file = Files.writeString(directory.resolve("frames.jsonl"), "");

        assertThatThrownBy(() -> Options.parse("--replay", file.toString()))
                .isInstanceOf(UsageException.class)
                .hasMessage("--replay: not a directory: " + file);
    }

    @Test
    void replay_wants_recordings_of_both_exchanges() throws Exception {
        Files.writeString(Files.createDirectories(directory.resolve("deribit")).resolve("a.jsonl"), "");

        assertThatThrownBy(() -> Options.parse("--replay", directory.toString()))
                .isInstanceOf(UsageException.class)
                .hasMessage("--replay: no recordings (*.jsonl) in " + directory.resolve("binance"));
    }

    @Test
    void what_is_left_out_decides_about_bundles_and_configurations() throws UsageException {
        assertThat(setup("--demo")).isEqualTo(new Setup(List.of("holdfast-script.json"), List.of(PROMPT)));
        assertThat(setup("--demo", "--without", "heartbeat"))
                .isEqualTo(new Setup(
                        List.of("holdfast-script.json", "holdfast-without-heartbeat.json"),
                        List.of("io.holdfast.heartbeat.deribit", PROMPT)));
        assertThat(setup("--demo", "--without", "supervisor"))
                .isEqualTo(new Setup(List.of("holdfast-script.json"), List.of("io.holdfast.supervisor", PROMPT)));
        assertThat(setup("--demo", "--without", "watchdog"))
                .isEqualTo(
                        new Setup(List.of("holdfast-script.json", "holdfast-without-watchdog.json"), List.of(PROMPT)));
        assertThat(setup()).isEqualTo(new Setup(List.of("holdfast-demo.json"), List.of(PROMPT)));
        assertThat(Setup.of(Options.parse(), true).dormant()).isEmpty();
    }

    @Test
    void the_users_configuration_stands_alone() throws Exception {
        Path file = Files.writeString(directory.resolve("mine.json"), "{}");

        assertThat(setup("--config", file.toString()))
                .isEqualTo(new Setup(List.of(), List.of("io.holdfast.simulator", PROMPT)));
    }

    private static Setup setup(String... line) throws UsageException {
        return Setup.of(Options.parse(line), false);
    }
}
