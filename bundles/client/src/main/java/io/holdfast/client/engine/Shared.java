// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Holds equal values once: ten thousand clients of one exchange mostly have the same options and policies, and those of its own
 * would cost each of them more than its connection. For immutable values of ours with {@code equals} only. Thread-safe.
 */
public final class Shared {
    /** The value that was not asked for the longest time is forgotten: those who have it keep it, later ones hold their own. */
    private static final int BOUND = 256;

    /** Guards itself. */
    private final Map<Object, Object> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Object> eldest) {
            return size() > BOUND;
        }
    };

    /** The equal value that was first given, or this one. */
    @SuppressWarnings("unchecked")
    <T> T of(T value) {
        synchronized (known) {
            // Equal values of ours are of one class.
            return (T) known.computeIfAbsent(value, v -> v);
        }
    }
}
