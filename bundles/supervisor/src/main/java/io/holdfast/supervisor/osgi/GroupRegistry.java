// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.osgi;

import io.holdfast.api.options.InvalidOptionException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which configuration has which group, and which group is whose child. Any thread. */
final class GroupRegistry {
    private record Claim(String pid, Optional<String> parent) {}

    /** By group. Guarded by this. */
    private final Map<String, Claim> claims = new HashMap<>();

    /**
     * Claims a group for a configuration, or changes its parent.
     *
     * @throws InvalidOptionException if another configuration has the group, or if it would be its own ancestor: nothing has changed
     *     then
     */
    synchronized void claim(String pid, String group, Optional<String> parent) {
        Claim first = claims.get(group);
        if (first != null && !first.pid().equals(pid)) {
            throw new InvalidOptionException("group", "'" + group + "' is the group of " + first.pid() + " already");
        }
        refuseCycle(group, parent);
        claims.put(group, new Claim(pid, parent));
    }

    synchronized void release(String pid, String group) {
        Claim claim = claims.get(group);
        if (claim != null && claim.pid().equals(pid)) {
            claims.remove(group);
        }
    }

    private void refuseCycle(String group, Optional<String> parent) {
        List<String> path = new ArrayList<>(List.of(group));
        Optional<String> next = parent;
        while (next.isPresent()) {
            path.add(next.get());
            if (next.get().equals(group)) {
                throw new InvalidOptionException("parent", "makes a cycle: " + String.join(" -> ", path));
            }
            next = Optional.ofNullable(claims.get(next.get())).flatMap(Claim::parent);
        }
    }
}
