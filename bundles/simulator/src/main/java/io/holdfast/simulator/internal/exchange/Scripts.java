// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.exchange;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** The scripts of an exchange by number of the connection: all whose socket lives, and the last so many others. Loop thread only. */
final class Scripts<V> {

    private final Map<Integer, V> alive = new HashMap<>();
    private final Kept<V> gone;

    Scripts(int keep) {
        gone = new Kept<>(keep);
    }

    void put(int number, V script) {
        alive.put(number, script);
    }

    /** Its socket is closed. */
    void gone(int number) {
        V script = alive.remove(number);
        if (script != null) {
            gone.put(number, script);
        }
    }

    /** Null for a connection of another exchange, or one that is forgotten. */
    V get(int number) {
        V script = alive.get(number);
        return script == null ? gone.get(number) : script;
    }

    Collection<V> alive() {
        return alive.values();
    }
}
