// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.osgi;

import io.holdfast.supervisor.group.GroupEvent;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;

/**
 * Tells Event Admin what happens in groups, as JDK values only, so that no handler pins a class loader of ours. There as long as an
 * Event Admin is.
 */
@Component(
        service = {},
        immediate = true)
public final class GroupEventBridge {
    static final String TOPIC = "io/holdfast/supervisor/";

    private final SupervisorRuntime runtime;
    private final Consumer<GroupEvent> listener;

    @Activate
    public GroupEventBridge(@Reference SupervisorRuntime runtime, @Reference EventAdmin eventAdmin) {
        this.runtime = runtime;
        this.listener = event -> eventAdmin.postEvent(new Event(topic(event), properties(event)));
        runtime.listen(listener);
    }

    @Deactivate
    void deactivate() {
        runtime.listenNoMore(listener);
    }

    static String topic(GroupEvent event) {
        return TOPIC + escaped(event.group()) + "/" + event.type();
    }

    /** Tokens of a topic are letters, digits, '-' and '_'; the latter begins the hexadecimal value of any other byte. */
    private static String escaped(String id) {
        StringBuilder token = new StringBuilder();
        for (byte b : id.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '-';
            token.append(plain ? String.valueOf((char) b) : String.format("_%02x", b));
        }
        return token.toString();
    }

    static Map<String, Object> properties(GroupEvent event) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("supervisor.group", event.group());
        properties.put("type", event.type().name());
        properties.put("number", event.number());
        event.child().ifPresent(child -> properties.put("child.id", child));
        if (!event.cause().isEmpty()) {
            properties.put("cause.message", event.cause());
        }
        return properties;
    }
}
