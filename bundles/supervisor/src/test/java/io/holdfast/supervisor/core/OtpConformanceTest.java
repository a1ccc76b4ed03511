// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * Everything recorded from OTP's supervisor and Elixir's DynamicSupervisor, replayed against ours. Another corpus:
 * {@code -Dholdfast.otp.corpus=FILE}.
 */
class OtpConformanceTest {
    private static final int SHOWN_FAILURES = 10;

    @Test
    void wholeSecondWindowPassesEverything() throws IOException {
        replay("whole seconds", true, ScenarioReplay.Answers.AT_ONCE, scenario -> true);
    }

    /** Only distances between period and period + 1 s differ, and these are all in one group. */
    @Test
    void exactWindowPassesEverythingButPhase() throws IOException {
        replay(
                "exact",
                false,
                ScenarioReplay.Answers.AT_ONCE,
                scenario -> !text(scenario, "group").equals("phase"));
    }

    /** One thing at a time must come from the core itself: the whole mailbox is handed over before the first answer. */
    @Test
    void groupStrategiesKeepTheirOrderWhenAnswersComeLast() throws IOException {
        replay(
                "exact, answers last",
                false,
                ScenarioReplay.Answers.LAST,
                scenario -> Strategy.valueOf(text(scenario, "strategy").toUpperCase(java.util.Locale.ROOT))
                        .restartsGroups());
    }

    private static void replay(
            String title, boolean wholeSeconds, ScenarioReplay.Answers answers, Predicate<JsonObject> selected)
            throws IOException {
        Map<String, int[]> groups = new TreeMap<>();
        List<String> failures = new ArrayList<>();
        int total = 0;
        for (JsonObject scenario : Corpus.load()) {
            if (!selected.test(scenario)) {
                continue;
            }
            total++;
            int[] counts = groups.computeIfAbsent(text(scenario, "group"), key -> new int[2]);
            Optional<String> difference = difference(scenario, wholeSeconds, answers);
            counts[difference.isEmpty() ? 0 : 1]++;
            difference.ifPresent(text -> failures.add(text(scenario, "id") + " " + text));
        }
        System.out.println("OTP conformance (" + title + "): total " + total + " / passed " + (total - failures.size())
                + " / failed " + failures.size());
        groups.forEach(
                (group, counts) -> System.out.printf("  %-20s passed %4d failed %4d%n", group, counts[0], counts[1]));
        assertThat(total).as("scenarios").isPositive();
        assertThat(failures.stream().limit(SHOWN_FAILURES))
                .as("first of %d failing scenarios", failures.size())
                .isEmpty();
    }

    private static Optional<String> difference(
            JsonObject scenario, boolean wholeSeconds, ScenarioReplay.Answers answers) {
        try {
            return new ScenarioReplay(scenario, wholeSeconds, answers).firstDifference();
        } catch (RuntimeException e) {
            return Optional.of("broke off: " + e + " at " + e.getStackTrace()[0]);
        }
    }

    private static String text(JsonObject scenario, String field) {
        return scenario.get(field).getAsString();
    }
}
