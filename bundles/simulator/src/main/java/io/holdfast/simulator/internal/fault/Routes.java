// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.fault;

import io.holdfast.simulator.ConnectionHandler;
import io.holdfast.simulator.internal.net.Connection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Which script plays which path: the longest prefix of whole path segments wins. Loop thread only. */
public final class Routes {

    /** Makes the script of a new connection. */
    public interface Script {
        ConnectionHandler create(Connection connection);
    }

    private final Map<String, Script> scripts = new LinkedHashMap<>();

    public void put(String prefix, Script script) {
        if (!prefix.startsWith("/") || prefix.length() > 1 && prefix.endsWith("/")) {
            throw new IllegalArgumentException("a path prefix starts and does not end with a slash: " + prefix);
        }
        scripts.put(prefix, script);
    }

    public Optional<Script> find(String path) {
        return Optional.ofNullable(scripts.get(prefixOf(path)));
    }

    /**
     * Whether a fault on {@code prefix} concerns {@code path}. A prefix that has a script of its own does not reach into
     * a longer one that has another: {@code /ws} is Binance and leaves Deribit's {@code /ws/api/v2} alone.
     */
    boolean under(String prefix, String path) {
        return below(prefix, path)
                && (!scripts.containsKey(prefix) || prefixOf(path).length() <= prefix.length());
    }

    private String prefixOf(String path) {
        String best = "";
        for (String prefix : scripts.keySet()) {
            if (prefix.length() > best.length() && below(prefix, path)) {
                best = prefix;
            }
        }
        return best;
    }

    private static boolean below(String prefix, String path) {
        return path.startsWith(prefix)
                && (path.length() == prefix.length() || prefix.endsWith("/") || path.charAt(prefix.length()) == '/');
    }
}
