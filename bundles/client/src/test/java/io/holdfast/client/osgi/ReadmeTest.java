// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.options.Option;
import io.holdfast.client.endpoint.EndpointGroupOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables of options in the README are those of the declarations; a failure shows the right table. */
class ReadmeTest {
    private static final Map<String, List<Option>> DECLARED = Map.of(
            ClientOptions.PID, ClientOptions.declared(),
            EndpointGroupComponent.PID, EndpointGroupOptions.declared(),
            CredentialOptions.PID, CredentialOptions.OPTIONS.options());

    @ParameterizedTest
    @ValueSource(strings = {ClientOptions.PID, EndpointGroupComponent.PID, CredentialOptions.PID})
    void tableOfOptions(String pid) throws IOException {
        String table = DECLARED.get(pid).stream()
                .map(ReadmeTest::row)
                .collect(Collectors.joining(
                        "\n", "| option | type | default | change | |\n|---|---|---|---|---|\n", "\n"));
        String readme = Files.readString(Path.of("README.md"));
        String begin = "<!-- options of " + pid + " -->\n";
        assertThat(readme).contains(begin);
        String rest = readme.substring(readme.indexOf(begin) + begin.length());
        assertThat(rest.substring(0, rest.indexOf("<!-- end -->")))
                .as("table of %s", pid)
                .isEqualTo(table);
    }

    private static String row(Option o) {
        String description = o.description().replace("|", "\\|");
        String choices = o.choices().stream()
                .filter(c -> !c.isEmpty())
                .map(c -> "`" + c + "`")
                .collect(Collectors.joining(", "));
        return "| `"
                + o.name()
                + "` | "
                + (choices.isEmpty() ? o.type().name().toLowerCase(Locale.ROOT) : choices)
                + " | "
                + (o.defaultText().isEmpty() ? "" : "`" + o.defaultText() + "`")
                + " | "
                + o.effect().name().toLowerCase(Locale.ROOT)
                + " | "
                + description
                + " |";
    }
}
