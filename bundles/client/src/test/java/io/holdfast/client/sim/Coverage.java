// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import io.holdfast.api.client.ConnectionEvent;
import io.holdfast.client.core.Input;
import io.holdfast.client.core.Phase;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** How often what happened; added up over runs. */
final class Coverage {
    final Map<String, Long> faults = new TreeMap<>();
    final Map<Phase, Long> phases = new EnumMap<>(Phase.class);
    final Map<Transitions.Step, Long> transitions = new HashMap<>();
    final Map<ConnectionEvent.Type, Long> events = new EnumMap<>(ConnectionEvent.Type.class);

    void fault(String name) {
        faults.merge(name, 1L, Long::sum);
    }

    void step(Phase before, Input input, Phase after) {
        if (before != after) {
            phases.merge(after, 1L, Long::sum);
            transitions.merge(new Transitions.Step(before, input.getClass(), after), 1L, Long::sum);
        }
    }

    void event(ConnectionEvent.Type type) {
        events.merge(type, 1L, Long::sum);
    }

    void add(Coverage other) {
        other.faults.forEach((k, v) -> faults.merge(k, v, Long::sum));
        other.phases.forEach((k, v) -> phases.merge(k, v, Long::sum));
        other.transitions.forEach((k, v) -> transitions.merge(k, v, Long::sum));
        other.events.forEach((k, v) -> events.merge(k, v, Long::sum));
    }

    static String table(String title, Map<?, Long> counts) {
        StringBuilder out = new StringBuilder(title).append('\n');
        Map<String, Long> sorted = new TreeMap<>();
        counts.forEach((k, v) -> sorted.put(k.toString(), v));
        sorted.forEach((name, count) -> out.append(String.format("  %-48s %10d%n", name, count)));
        return out.toString();
    }
}
