// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.osgi;

import io.holdfast.api.supervision.Child;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/**
 * Hands over those that were there before the group in their start order, as they are found in any order: by {@code child.order},
 * then as they were registered. Those that come later are handed over at once.
 */
final class Arrivals {
    private static final Comparator<ServiceReference<Child>> START_ORDER =
            Comparator.<ServiceReference<Child>>comparingInt(
                            reference -> reference.getProperty(Child.ORDER) instanceof Integer order ? order : 0)
                    .thenComparing(reference -> (Long) reference.getProperty(Constants.SERVICE_ID));

    private final Consumer<Child> taker;

    /** Children found so far; null when they have been handed over. Guarded by this, which is held while the taker posts. */
    private Map<ServiceReference<Child>, Child> found = new TreeMap<>(START_ORDER);

    /** @param taker only posts */
    Arrivals(Consumer<Child> taker) {
        this.taker = taker;
    }

    synchronized void add(ServiceReference<Child> reference, Child child) {
        if (found == null) {
            taker.accept(child);
        } else {
            found.put(reference, child);
        }
    }

    /** That child has gone; if it was handed over before, its taker is to be told by the caller. */
    synchronized void remove(ServiceReference<Child> reference) {
        if (found != null) {
            found.remove(reference);
        }
    }

    /** All that were there have been found. */
    synchronized void complete() {
        found.values().forEach(taker);
        found = null;
    }
}
