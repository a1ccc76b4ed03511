// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.osgi;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What service properties and configurations have in common. */
final class Properties {
    private static final String PID = "service.pid";

    private Properties() {}

    /** A property that may be one text or several. */
    static List<String> texts(Object value) {
        List<String> texts = new ArrayList<>();
        if (value instanceof Collection<?> c) {
            c.forEach(v -> texts.add(String.valueOf(v)));
        } else if (value != null && value.getClass().isArray()) {
            for (int i = 0; i < Array.getLength(value); i++) {
                texts.add(String.valueOf(Array.get(value, i)));
            }
        } else if (value != null) {
            texts.add(value.toString());
        }
        return texts;
    }

    /** What an operator called a factory configuration: the part after {@code ~} of its PID. */
    static Optional<String> name(Object pid) {
        List<String> pids = texts(pid);
        if (pids.isEmpty()) {
            return Optional.empty();
        }
        String last = pids.get(pids.size() - 1);
        int tilde = last.indexOf('~');
        return tilde < 0 || tilde == last.length() - 1 ? Optional.empty() : Optional.of(last.substring(tilde + 1));
    }

    /** The map with the configuration's name under a key that is missing or empty. */
    static Map<String, Object> named(Map<String, Object> properties, String key) {
        Map<String, Object> named = new HashMap<>(properties);
        if (String.valueOf(named.getOrDefault(key, "")).isBlank()) {
            name(properties.get(PID)).ifPresent(n -> named.put(key, n));
        }
        return named;
    }

    /** Whether two maps say the same, arrays and collections by content. */
    static boolean same(Map<String, Object> a, Map<String, Object> b) {
        return a.keySet().equals(b.keySet()) && a.keySet().stream().allMatch(k -> same(a.get(k), b.get(k)));
    }

    private static boolean same(Object a, Object b) {
        return a == null || b == null ? a == b : a.getClass() == b.getClass() && (a.equals(b) || severalAndSame(a, b));
    }

    private static boolean severalAndSame(Object a, Object b) {
        return (a instanceof Collection || a.getClass().isArray()) && texts(a).equals(texts(b));
    }
}
