// SPDX-License-Identifier: Apache-2.0
package io.holdfast.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.options.Option;
import io.holdfast.api.options.Option.Effect;
import io.holdfast.api.options.OptionSet;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every option that a bundle declares is in the tables of its README, as declared; and nothing else is. */
class ManualsTest {
    private static final Path BUNDLES = Path.of(System.getProperty("holdfast.root"), "bundles");

    static List<String> bundles() throws Exception {
        List<String> declaring = new ArrayList<>();
        for (String bundle : Bundles.names()) {
            if (!declared(bundle).isEmpty()) {
                declaring.add(bundle);
            }
        }
        assertThat(declaring).contains("supervisor", "console", "health", "exchange.deribit", "heartbeat.generic");
        return declaring;
    }

    @ParameterizedTest
    @MethodSource("bundles")
    void readmeIsTheManual(String bundle) throws Exception {
        String readme =
                Files.readString(BUNDLES.resolve(bundle.replace('.', '-')).resolve("README.md"));
        assertThat(new Manual(readme).faults(declared(bundle)))
                .as("bundles/%s/README.md", bundle.replace('.', '-'))
                .isEmpty();
    }

    @Test
    void faultsAreFound() {
        Manual manual = new Manual("""
                | option | type | default | applies | |
                |---|---|---|---|---|
                | `right` | duration | `5s` | live | |
                | `late` | duration | `6s` | live | |
                | `kind` | boolean | `7s` | live | |
                | `dead` | duration | `8s` | restart | |
                | `gone` | duration | `9s` | live | |

                | other | default |
                |---|---|
                | `unasked` | |
                """);
        assertThat(manual.faults(List.of(
                        seconds("right", 5),
                        seconds("late", 5),
                        seconds("kind", 7),
                        seconds("dead", 8),
                        seconds("new", 1))))
                .containsExactly(
                        "late has the default 5s, not `6s`",
                        "kind is a DURATION, not boolean",
                        "dead applies LIVE, not restart",
                        "new has no row",
                        "gone is no option");
    }

    private static Option seconds(String name, int seconds) {
        return Option.duration(name, Duration.ofSeconds(seconds), Effect.LIVE, "");
    }

    /** Of all constants of the type, wherever they are. The client's is in {@code api}, whose README is the client's. */
    private static List<Option> declared(String bundle) throws IOException, ReflectiveOperationException {
        List<Option> options = new ArrayList<>();
        List<Path> roots = new ArrayList<>(List.of(Bundles.classes(bundle)));
        if (bundle.equals("client")) {
            roots.add(Bundles.classes("api"));
        } else if (bundle.equals("api") || bundle.equals("heartbeat.kit")) {
            return List.of();
        }
        for (Path root : roots) {
            for (var type : new com.tngtech.archunit.core.importer.ClassFileImporter().importPath(root)) {
                for (var field : type.getFields()) {
                    if (field.getRawType().isEquivalentTo(OptionSet.class)
                            && field.getModifiers().contains(com.tngtech.archunit.core.domain.JavaModifier.STATIC)) {
                        Field declared = Class.forName(type.getName()).getDeclaredField(field.getName());
                        assertThat(Modifier.isStatic(declared.getModifiers())).isTrue();
                        declared.setAccessible(true);
                        options.addAll(((OptionSet) declared.get(null)).options());
                    }
                }
            }
        }
        return options;
    }
}
