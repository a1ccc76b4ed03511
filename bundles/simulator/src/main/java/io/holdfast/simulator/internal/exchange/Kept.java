// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.exchange;

import java.util.LinkedHashMap;
import java.util.Map;

/** The last so many values by connection number. Loop thread only. */
public final class Kept<V> extends LinkedHashMap<Integer, V> {

    private static final long serialVersionUID = 1L;
    private final int limit;

    public Kept(int limit) {
        this.limit = limit;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<Integer, V> eldest) {
        return size() > limit;
    }
}
