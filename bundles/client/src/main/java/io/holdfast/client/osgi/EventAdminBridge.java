// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.osgi;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ConnectionEvent;
import io.holdfast.api.client.ConnectionListener;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;
import org.osgi.service.event.EventConstants;

/**
 * Tells Event Admin about every connection event, as JDK values only, so that no handler pins a class loader of ours. There
 * as long as an Event Admin is; an observer like any other.
 */
@Component(service = ConnectionListener.class, immediate = true)
public final class EventAdminBridge implements ConnectionListener {
    static final String TOPIC = "io/holdfast/client/";

    private final EventAdmin eventAdmin;

    @Activate
    public EventAdminBridge(@Reference EventAdmin eventAdmin) {
        this.eventAdmin = eventAdmin;
    }

    @Override
    public void onEvent(ConnectionEvent event) {
        eventAdmin.postEvent(new Event(topic(event), properties(event)));
    }

    static String topic(ConnectionEvent event) {
        return TOPIC + escaped(event.clientId()) + "/" + event.type();
    }

    /** Tokens of a topic are letters, digits, '-' and '_'; the latter begins the hexadecimal value of any other byte. */
    static String escaped(String id) {
        StringBuilder token = new StringBuilder();
        for (byte b : id.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '-';
            token.append(plain ? String.valueOf((char) b) : String.format("_%02x", b));
        }
        return token.toString();
    }

    static Map<String, Object> properties(ConnectionEvent event) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("client.id", event.clientId());
        properties.put("type", event.type().name());
        properties.put("number", event.number());
        properties.put("incarnation", event.incarnation());
        properties.put("connection", event.connection());
        properties.put("attempt", event.attempt());
        properties.put("delay.ms", event.delay().toMillis());
        properties.put(EventConstants.TIMESTAMP, event.at().toEpochMilli());
        event.cause().ifPresent(cause -> cause(properties, cause));
        return properties;
    }

    private static void cause(Map<String, Object> properties, Cause cause) {
        properties.put("cause.kind", cause.kind().name());
        properties.put("cause.message", cause.message());
        cause.code().ifPresent(code -> properties.put("cause.code", code));
    }
}
