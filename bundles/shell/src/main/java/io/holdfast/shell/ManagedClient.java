// SPDX-License-Identifier: Apache-2.0
package io.holdfast.shell;

import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.supervision.Child;
import java.util.Map;
import java.util.Optional;

/**
 * A client as the registry shows it.
 *
 * @param uri without anything that could be secret, as its service publishes it
 * @param group the group it wants to be supervised by
 */
record ManagedClient(WebSocketClient handle, String uri, Optional<String> group) {
    static ManagedClient of(WebSocketClient handle, Map<String, ?> properties) {
        return new ManagedClient(handle, text(properties, "uri").orElse(Format.NOTHING), text(properties, Child.GROUP));
    }

    String id() {
        return handle.id();
    }

    private static Optional<String> text(Map<String, ?> properties, String name) {
        return Optional.ofNullable(properties.get(name)).map(Object::toString).filter(s -> !s.isEmpty());
    }
}
