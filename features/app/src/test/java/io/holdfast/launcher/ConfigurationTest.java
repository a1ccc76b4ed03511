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
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {

    private static final String KEYS = """
            {
              ":configurator:resource-version": 1,
              ":configurator:symbolic-name": "mine",
              ":configurator:version": "1.0.0"
            }
            """;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "holdfast-demo.json",
                "holdfast-script.json",
                "holdfast-without-heartbeat.json",
                "holdfast-without-watchdog.json",
                "holdfast-replay.json"
            })
    void built_in_configurations_are_what_is_asked_of_a_user(String name) throws Exception {
        String urls = Configuration.builtIn(directory, List.of(name));

        assertThat(urls).startsWith("file:///").endsWith("/" + name);
        assertThat(Configuration.of(directory.resolve(name))).isEqualTo(urls);
    }

    @Test
    void several_built_in_configurations_are_a_list() throws Exception {
        assertThat(Configuration.builtIn(directory, List.of("holdfast-script.json", "holdfast-without-watchdog.json"))
                        .split(","))
                .hasSize(2);
    }

    @Test
    void a_file_is_passed_as_url() throws Exception {
        Path file = Files.writeString(directory.resolve("my clients, one.json"), KEYS);

        assertThat(Configuration.of(file)).startsWith("file:///").endsWith("/my%20clients%2C%20one.json");
    }

    @Test
    void the_json_files_of_a_directory_are_passed_in_order_of_their_names() throws Exception {
        Files.writeString(directory.resolve("b.json"), KEYS);
        Files.writeString(directory.resolve("a.json"), KEYS);
        Files.writeString(directory.resolve("notes.txt"), "not a configuration");

        assertThat(Configuration.of(directory).split(","))
                .hasSize(2)
                .satisfies(urls -> assertThat(urls[0]).endsWith("/a.json"))
                .satisfies(urls -> assertThat(urls[1]).endsWith("/b.json"));
    }

    @Test
    void a_directory_without_json_is_refused() {
        assertThatThrownBy(() -> Configuration.of(directory))
                .isInstanceOf(UsageException.class)
                .hasMessage("--config: no *.json file in directory " + directory);
    }

    @Test
    void a_file_without_the_configurators_keys_is_refused_by_their_names() throws Exception {
        Path file = Files.writeString(directory.resolve("x.json"), "{ \":configurator:version\": \"1\" }");

        assertThatThrownBy(() -> Configuration.of(file))
                .isInstanceOf(UsageException.class)
                .hasMessage("--config: " + file + " is not a Configurator file; missing: "
                        + ":configurator:resource-version, :configurator:symbolic-name");
    }

    @Test
    void a_mistake_in_the_syntax_is_shown_with_its_place() throws Exception {
        Path file = Files.writeString(directory.resolve("x.json"), """
                {
                  // a comment, "even with quotes
                  ":configurator:version": "1.0.0",
                  "io.holdfast.client~a": { "uri": "ws://127.0.0.1/" /* and another */ }
                  "next": 1
                }
                """);

        assertThatThrownBy(() -> Configuration.of(file))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("--config: " + file + " is not valid JSON: ")
                .hasMessageContaining("line 5 column ")
                .message()
                .doesNotContain("Strictness", "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{} {}", "{\"a\":1", "{'a':1}", "{\"a\":1,}", "\"a", "/* never ended"})
    void what_is_not_one_json_object_is_refused(String text) throws Exception {
        Path file = Files.writeString(directory.resolve("x.json"), text);

        assertThatThrownBy(() -> Configuration.of(file))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("--config: " + file + " is not valid");
    }

    @Test
    void comments_are_allowed_and_keep_lines_and_columns() {
        assertThat(ConfigurationText.withoutComments("{ // a\n \"b//\": /* c\n */ \"\\\"/*\" }"))
                .isEqualTo("{     \n \"b//\":     \n    \"\\\"/*\" }");
    }

    @Test
    void a_file_that_is_no_text_is_named() throws Exception {
        Path file =
                Files.write(directory.resolve("latin.json"), new byte[] {'{', '"', (byte) 0xe9, '"', ':', '1', '}'});

        assertThatThrownBy(() -> Configuration.of(file))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("UTF-8");
    }
}
