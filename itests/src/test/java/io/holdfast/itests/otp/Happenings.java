// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.otp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the children of one scenario experienced, in order, in the words of the corpus. Thread-safe. */
final class Happenings {

    /** Guarded by this, like the other fields. */
    private final List<List<String>> actions = new ArrayList<>();

    private final Map<String, Integer> starts = new HashMap<>();
    private long count;

    synchronized void started(String label) {
        starts.merge(label, 1, Integer::sum);
        add("start", label);
    }

    synchronized void add(String... words) {
        count++;
        actions.add(List.of(words));
    }

    /** Those since the last call. */
    synchronized List<List<String>> take() {
        List<List<String>> taken = List.copyOf(actions);
        actions.clear();
        return taken;
    }

    /** How many there ever were. */
    synchronized long count() {
        return count;
    }

    synchronized int starts(String label) {
        return starts.getOrDefault(label, 0);
    }
}
