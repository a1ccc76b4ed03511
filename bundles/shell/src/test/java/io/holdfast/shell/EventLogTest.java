// SPDX-License-Identifier: Apache-2.0
package io.holdfast.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.holdfast.api.client.ConnectionEvent;
import io.holdfast.api.client.ConnectionEvent.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventLogTest {
    private static final Instant BEGIN = Instant.parse("2026-11-22T08:00:00Z");

    private final EventLog log = new EventLog();

    static ConnectionEvent event(String client, long number, Type type) {
        return new ConnectionEvent(
                client, number, 1, 1, type, Optional.empty(), Duration.ZERO, 1, BEGIN.plusSeconds(number));
    }

    @Test
    void keepsTheLastOfEachClient() {
        for (int i = 1; i <= 300; i++) {
            log.onEvent(event("a", i, Type.LOST));
        }
        log.onEvent(event("b", 1, Type.READY));
        assertThat(log.of("a"))
                .hasSize(256)
                .first()
                .extracting(ConnectionEvent::number)
                .isEqualTo(45L);
        assertThat(log.of("a")).last().extracting(ConnectionEvent::number).isEqualTo(300L);
        assertThat(log.of("b")).hasSize(1);
        assertThat(log.of("c")).isEmpty();
    }

    @Test
    void allAreSortedByTime() {
        log.onEvent(event("a", 1, Type.STARTED));
        log.onEvent(event("a", 4, Type.READY));
        log.onEvent(event("b", 2, Type.STARTED));
        assertThat(log.all()).extracting(ConnectionEvent::number).containsExactly(1L, 2L, 4L);
    }

    @Test
    void eventsOfOneClientStayInTheirOrderWhenTheClockIsSetBack() {
        log.onEvent(event("a", 7, Type.STARTED));
        log.onEvent(event("b", 8, Type.STARTED));
        log.onEvent(event("a", 2, Type.LOST));
        log.onEvent(event("b", 3, Type.LOST));
        assertThat(log.all())
                .extracting(ConnectionEvent::clientId, ConnectionEvent::type)
                .containsExactly(
                        tuple("a", Type.STARTED),
                        tuple("a", Type.LOST),
                        tuple("b", Type.STARTED),
                        tuple("b", Type.LOST));
    }

    @Test
    void forgetsAClientWhenItsServiceGoes() {
        FixedClient client = FixedClient.ready("a");
        log.bindClient(client);
        log.onEvent(event("a", 1, Type.CLOSED));
        assertThat(log.of("a")).as("closed, and still to be looked at").hasSize(1);
        log.unbindClient(client);
        assertThat(log.of("a")).isEmpty();

        log.onEvent(event("a", 2, Type.CLOSED));
        assertThat(log.all()).as("what is told late brings nothing back").isEmpty();
    }

    @Test
    void keepsWhatTheNextClientOfTheSameIdTells() {
        FixedClient old = FixedClient.ready("a");
        FixedClient next = FixedClient.ready("a");
        log.bindClient(old);
        log.bindClient(next);
        log.onEvent(event("a", 1, Type.READY));
        log.unbindClient(old);
        assertThat(log.of("a")).hasSize(1);
        log.onEvent(event("a", 2, Type.CLOSED));
        assertThat(log.of("a")).as("the next one is still a service").hasSize(2);

        log.unbindClient(next);
        assertThat(log.all()).isEmpty();
    }

    @Test
    void forgetsAClientWithoutServiceAtItsEnd() {
        log.onEvent(event("a", 1, Type.READY));
        assertThat(log.of("a")).hasSize(1);
        log.onEvent(event("a", 2, Type.CLOSED));
        assertThat(log.all()).isEmpty();
    }

    @Test
    void numberOfClientsIsBounded() {
        for (int i = 0; i < EventLog.CLIENTS + 10; i++) {
            log.onEvent(event("c" + i, i, Type.READY));
        }
        assertThat(log.all()).hasSize(EventLog.CLIENTS);
        assertThat(log.of("c9")).isEmpty();
        assertThat(log.of("c10")).hasSize(1);
    }
}
