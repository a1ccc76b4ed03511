// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import java.time.Duration;

/**
 * What a bound plugin did wrong, and whether it is quarantined: asked nothing more until it or its options are others. Most do
 * nothing wrong and share one object.
 *
 * @param inARow since a call into the plugin went well
 * @param last what was wrong last, as plain text; empty if nothing was
 */
record PluginFaults(int inARow, boolean quarantined, String last) {
    static final PluginFaults NONE = new PluginFaults(0, false, "");

    /** Before a plugin that is not quarantined is asked again. */
    static final Duration RETRY = Duration.ofSeconds(1);

    private static final int MOST = 3;

    PluginFaults and(String description) {
        return new PluginFaults(inARow + 1, inARow + 1 >= MOST, description);
    }

    /** No fault, and asking again would give the same. */
    PluginFaults refused(String why) {
        return new PluginFaults(inARow, quarantined, why);
    }

    /** A call went well; one that had begun before the quarantine does not end it. */
    PluginFaults wentWell() {
        return inARow == 0 || quarantined ? this : new PluginFaults(0, false, last);
    }

    /** Another chance, as the options are others. */
    PluginFaults pardoned() {
        return new PluginFaults(0, false, last);
    }

    /** For humans. */
    String text() {
        return quarantined ? "quarantined after " + inARow + " faults: " + last : last;
    }
}
