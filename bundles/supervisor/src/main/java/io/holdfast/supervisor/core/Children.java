// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/** The children of a supervisor in start order: by their own wish, then in the order they came. Nothing here costs more than log n. */
final class Children {
    private final Map<String, ChildState> byId = new HashMap<>();
    private final NavigableSet<ChildState> inOrder = new TreeSet<>(
            Comparator.<ChildState>comparingInt(child -> child.spec.order()).thenComparingLong(child -> child.arrival));
    private long arrivals;
    private int significant;

    ChildState add(ChildSpec spec) {
        ChildState child = new ChildState(spec, ++arrivals, this);
        remove(spec.id());
        byId.put(spec.id(), child);
        inOrder.add(child);
        return child;
    }

    ChildState get(String id) {
        return byId.get(id);
    }

    ChildState remove(String id) {
        ChildState child = byId.remove(id);
        if (child != null) {
            inOrder.remove(child);
            child.left();
        }
        return child;
    }

    /** In start order. */
    Collection<ChildState> values() {
        return inOrder;
    }

    /** That child and those after it, in start order. */
    Collection<ChildState> from(ChildState first) {
        return inOrder.tailSet(first, true);
    }

    /** Significant children that are there: neither stopped nor given up. */
    int significant() {
        return significant;
    }

    /** Told by the children themselves. */
    void significant(int change) {
        significant += change;
    }

    int size() {
        return byId.size();
    }

    void clear() {
        inOrder.forEach(ChildState::left);
        byId.clear();
        inOrder.clear();
    }
}
