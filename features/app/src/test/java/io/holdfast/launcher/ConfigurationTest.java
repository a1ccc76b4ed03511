package io.holdfast.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    @Test
    void the_built_in_configuration_is_passed_as_text() throws Exception {
        // The Configurator takes a value for JSON only if it begins like this.
        assertThat(Configuration.builtIn()).startsWith("{").contains("\":configurator:symbolic-name\"");
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

        assertThat(Configuration.of(directory).split(",")).hasSize(2)
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
}
