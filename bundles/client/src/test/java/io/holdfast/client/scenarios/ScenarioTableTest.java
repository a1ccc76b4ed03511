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
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** docs/scenarios.md names every scenario, and only tests that there are. */
class ScenarioTableTest {
  private static final Path TABLE = Path.of("..", "..", "docs", "scenarios.md");
  private static final Pattern ROW = Pattern.compile("\\| (N\\d+) \\|.*");
  private static final Pattern TEST = Pattern.compile("`((?:\\w+\\.)*)(\\w+Test)\\.(\\w+)`");

  private static List<String> lines() throws IOException {
    return Files.readAllLines(TABLE);
  }

  /** @param packages below that of the client, each with its dot; empty for the scenarios' own */
  private static boolean isTest(String packages, String type, String method) {
    try {
      String home = ScenarioTableTest.class.getPackageName() + ".";
      Class<?> test = Class.forName((packages.isEmpty() ? home : "io.holdfast.client." + packages) + type);
      return Arrays.stream(test.getDeclaredMethods()).anyMatch(m -> m.getName().equals(method) && isTest(m));
    } catch (ClassNotFoundException e) {
      return false;
    }
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
    assertThat(numbers).containsExactlyElementsOf(IntStream.rangeClosed(1, 32).mapToObj(i -> "N" + i).toList());
  }
}
