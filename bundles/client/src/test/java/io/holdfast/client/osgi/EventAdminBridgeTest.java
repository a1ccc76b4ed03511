// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ConnectionEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;

class EventAdminBridgeTest {
    private static ConnectionEvent lost(String id) {
        return new ConnectionEvent(
                id,
                7,
                1,
                3,
                ConnectionEvent.Type.LOST,
                Optional.of(Cause.of(Cause.Kind.LOST, "connection reset", 1006)),
                Duration.ofMillis(1500),
                2,
                Instant.ofEpochMilli(1_000));
    }

    @Test
    void tellsEverythingAsJdkValues() {
        List<Event> posted = new ArrayList<>();
        EventAdmin eventAdmin = new EventAdmin() {
            @Override
            public void postEvent(Event event) {
                posted.add(event);
            }

            @Override
            public void sendEvent(Event event) {
                throw new AssertionError("would wait for every handler");
            }
        };
        new EventAdminBridge(eventAdmin).onEvent(lost("deribit"));

        Event event = posted.get(0);
        assertThat(event.getTopic()).isEqualTo("io/holdfast/client/deribit/LOST");
        assertThat(event.getProperty("client.id")).isEqualTo("deribit");
        assertThat(event.getProperty("type")).isEqualTo("LOST");
        assertThat(event.getProperty("number")).isEqualTo(7L);
        assertThat(event.getProperty("incarnation")).isEqualTo(1L);
        assertThat(event.getProperty("connection")).isEqualTo(3L);
        assertThat(event.getProperty("attempt")).isEqualTo(2);
        assertThat(event.getProperty("delay.ms")).isEqualTo(1500L);
        assertThat(event.getProperty("timestamp")).isEqualTo(1_000L);
        assertThat(event.getProperty("cause.kind")).isEqualTo("LOST");
        assertThat(event.getProperty("cause.message")).isEqualTo("connection reset");
        assertThat(event.getProperty("cause.code")).isEqualTo(1006);
        for (String name : event.getPropertyNames()) {
            assertThat(event.getProperty(name).getClass().getClassLoader())
                    .as(name)
                    .isNull();
        }
    }

    @Test
    void anyIdMakesATopicOfItsOwn() {
        assertThat(EventAdminBridge.topic(lost("test.deribit.com/ws")))
                .isEqualTo("io/holdfast/client/test_2ederibit_2ecom_2fws/LOST");
        assertThat(EventAdminBridge.escaped("a_b")).isNotEqualTo(EventAdminBridge.escaped("a.b"));
        new Event(EventAdminBridge.topic(lost("ü *$~")), java.util.Map.of());
    }
}
