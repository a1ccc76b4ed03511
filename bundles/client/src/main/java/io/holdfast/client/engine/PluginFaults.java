// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * What a bound plugin did wrong, and whether it is quarantined: asked nothing more until it or its options are others. Most do
 * nothing wrong and share one object.
 *
 * @param inARow for each function the faults since a call of it went well; under {@link #ANY} those since any call did
 * @param last what was wrong last, as plain text; empty if nothing was
 */
record PluginFaults(Map<String, Integer> inARow, boolean quarantined, String last) {
    static final PluginFaults NONE = new PluginFaults(Map.of(), false, "");

    /** Before a plugin that is not quarantined is asked again. */
    static final Duration RETRY = Duration.ofSeconds(1);

    private static final String ANY = "";
    private static final int MOST = 3;

    /** @param function one that always fails is not made good by others that do not */
    PluginFaults and(String function, String description) {
        Map<String, Integer> more = new HashMap<>(inARow);
        int most = Math.max(more.merge(function, 1, Integer::sum), more.merge(ANY, 1, Integer::sum));
        return new PluginFaults(Map.copyOf(more), quarantined || most >= MOST, description);
    }

    /** Nothing that is held against it. */
    PluginFaults noted(String why) {
        return new PluginFaults(inARow, quarantined, why);
    }

    /** A call went well; one that had begun before the quarantine does not end it. */
    PluginFaults wentWell(String function) {
        if (quarantined || !inARow.containsKey(ANY) && !inARow.containsKey(function)) {
            return this;
        }
        Map<String, Integer> fewer = new HashMap<>(inARow);
        fewer.remove(function);
        fewer.remove(ANY);
        return new PluginFaults(Map.copyOf(fewer), false, last);
    }

    /** Another chance, as the options are others. */
    PluginFaults pardoned() {
        return new PluginFaults(Map.of(), false, last);
    }

    /** For humans. */
    String text() {
        int most = inARow.values().stream().mapToInt(n -> n).max().orElse(0);
        return quarantined ? "quarantined after " + most + " faults: " + last : last;
    }
}
