// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ConnectionEvent;
import io.holdfast.client.core.ConnectionMachine;
import io.holdfast.client.lanes.Environment;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Numbers, logs and publishes one client's events. Confined to the mailbox, hence without gaps and in order. */
final class EventLog {
    private final Logger logger = LoggerFactory.getLogger(EventLog.class);
    private final String clientId;
    private final ConnectionMachine machine;
    private final Environment environment;
    private final EventHub hub;
    private final Optional<ObserverLane> observer;
    private long last;

    EventLog(
            String clientId,
            ConnectionMachine machine,
            Environment environment,
            EventHub hub,
            Optional<ObserverLane> observer) {
        this.clientId = clientId;
        this.machine = machine;
        this.environment = environment;
        this.hub = hub;
        this.observer = observer;
    }

    void publish(ConnectionEvent.Type type, Cause cause) {
        publish(type, machine.connection(), Optional.of(cause), Duration.ZERO, machine.attempts() + 1);
    }

    void publish(ConnectionEvent.Type type, long connection, Optional<Cause> cause, Duration delay, int attempt) {
        ConnectionEvent event = new ConnectionEvent(
                clientId,
                ++last,
                machine.incarnation(),
                connection,
                type,
                cause,
                delay,
                attempt,
                environment.wallTime());
        logger.info(
                "Client {} {} (incarnation {}, connection {}){}",
                clientId,
                type,
                event.incarnation(),
                event.connection(),
                cause.map(c -> ": " + c).orElse(""));
        observer.ifPresent(o -> o.post(event));
        hub.publish(event);
    }
}
