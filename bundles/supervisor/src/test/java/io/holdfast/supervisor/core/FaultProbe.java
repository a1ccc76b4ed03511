// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Says whether the core it was loaded with is the one recorded. {@link CoreFaultsTest} loads it with broken ones. */
public final class FaultProbe {
    private FaultProbe() {}

    /** The first scenario replayed differently, with either window. */
    public static Optional<String> firstCaught(List<JsonObject> corpus) {
        Optional<String> caught = firstCaught(corpus.stream(), true);
        return caught.isPresent()
                ? caught
                : firstCaught(
                        corpus.stream()
                                .filter(scenario ->
                                        !scenario.get("group").getAsString().equals("phase")),
                        false);
    }

    private static Optional<String> firstCaught(Stream<JsonObject> scenarios, boolean wholeSeconds) {
        return scenarios
                .filter(scenario -> differs(scenario, wholeSeconds))
                .findFirst()
                .map(scenario -> scenario.get("id").getAsString());
    }

    private static boolean differs(JsonObject scenario, boolean wholeSeconds) {
        try {
            return new ScenarioReplay(scenario, wholeSeconds, ScenarioReplay.Answers.AT_ONCE)
                    .firstDifference()
                    .isPresent();
        } catch (RuntimeException e) {
            // A broken core may break the children's or the observer's assumptions before it shows another trace.
            return true;
        }
    }
}
