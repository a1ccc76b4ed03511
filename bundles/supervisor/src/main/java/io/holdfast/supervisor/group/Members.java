// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.group;

import io.holdfast.api.supervision.Child;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The children a group owns. Confined to the group's mailbox; nothing but {@link #all} depends on how many there are. */
final class Members {
    private final Map<String, Child> byId = new LinkedHashMap<>();
    private final Map<Child, String> ids = new IdentityHashMap<>();

    Optional<Child> get(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    boolean has(String id, Child child) {
        return byId.get(id) == child;
    }

    void put(String id, Child child) {
        byId.put(id, child);
        ids.put(child, id);
    }

    /** Forgets the child; its id if it was owned. The child itself is not asked, as it may be gone. */
    Optional<String> remove(Child child) {
        Optional<String> id = Optional.ofNullable(ids.remove(child));
        id.ifPresent(byId::remove);
        return id;
    }

    List<Child> all() {
        return List.copyOf(byId.values());
    }
}
