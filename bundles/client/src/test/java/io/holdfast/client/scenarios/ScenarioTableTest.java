// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** docs/scenarios.md names every scenario, and only tests that there are. */
class ScenarioTableTest {
    private static final Path TABLE = Path.of("..", "..", "docs", "scenarios.md");
    private static final Pattern ROW = Pattern.compile("\\| (N\\d+) \\|.*");
    private static final Pattern TEST = Pattern.compile("`((?:\\w+\\.)*)(\\w+(?:Test|IT))\\.(\\w+)`");

    private static List<String> lines() throws IOException {
        return Files.readAllLines(TABLE);
    }

    /** @param packages below that of the client, each with its dot; empty for the scenarios' own */
    private static boolean isTest(String packages, String type, String method) throws IOException {
        try {
            String home = ScenarioTableTest.class.getPackageName() + ".";
            Class<?> test = Class.forName((packages.isEmpty() ? home : "io.holdfast.client." + packages) + type);
            return Arrays.stream(test.getDeclaredMethods())
                    .anyMatch(m -> m.getName().equals(method) && isTest(m));
        } catch (ClassNotFoundException e) {
            return isTestElsewhere(type, method);
        }
    }

    /** Of another package or module: by its source. */
    private static boolean isTestElsewhere(String type, String method) throws IOException {
        Pattern test = Pattern.compile("@(?:Parameterized)?Test\\b[^{}]*\\bvoid " + method + "\\(");
        for (Path root : List.of(Path.of(".."), Path.of("..", "..", "itests"))) {
            try (Stream<Path> files = Files.find(root, 16, (file, a) -> file.endsWith(type + ".java"))) {
                for (Path file : files.toList()) {
                    if (test.matcher(Files.readString(file)).find()) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static boolean isTest(Method method) {
        return method.isAnnotationPresent(Test.class) || method.isAnnotationPresent(ParameterizedTest.class);
    }

    @Test
    @DisplayName("every test named in the table exists")
    void everyNamedTestExists() throws IOException {
        List<String> missing = new ArrayList<>();
        int named = 0;
        for (String line : lines()) {
            Matcher m = TEST.matcher(line);
            while (m.find()) {
                named++;
                if (!isTest(m.group(1), m.group(2), m.group(3))) {
                    missing.add(m.group(1) + m.group(2) + "." + m.group(3));
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(named).isPositive();
    }

    @Test
    @DisplayName("every number has one row, and a row that is done names a test with its number")
    void everyNumberHasItsRow() throws IOException {
        List<String> numbers = new ArrayList<>();
        for (String line : lines()) {
            Matcher row = ROW.matcher(line);
            if (!row.matches()) {
                continue;
            }
            numbers.add(row.group(1));
            if (!line.endsWith("| not done |")) {
                assertThat(line).contains("." + row.group(1) + "_");
            }
        }
        assertThat(numbers)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 32).mapToObj(i -> "N" + i).toList());
    }

    @Test
    @DisplayName("every number of Part 1 has one row, in order; those of D are a table of their own")
    void partOneIsWhole() throws IOException {
        Pattern row = Pattern.compile("\\| ([A-L]\\d+) \\|.*");
        List<String> all = lines();
        List<String> part = all.subList(
                all.indexOf("## Part 1: what a client is expected to do anyway"),
                all.indexOf("## The contract besides"));
        List<String> numbers = part.stream()
                .map(row::matcher)
                .filter(Matcher::matches)
                .map(m -> m.group(1))
                .toList();
        assertThat(String.join(" ", numbers))
                .isEqualTo(
                        "A1 A2 A4 A5 A7 A8 A10 A11 B2 B3 B5 B6 B8 B9 B11 B14 B15 C2 C3 C5 C6 C8 C9 C11 C12 C14 C15 C17 "
                                + "E1 E3 E4 E6 E7 E9 E10 E12 E13 E15 H1 H2 H4 H5 H7 H8 H10 H11 "
                                + "I2 I3 I5 I6 I8 I9 I11 L1 L2 L4 L5 L7");
    }
}
