// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.ConnectionEvent;
import io.holdfast.api.client.ConnectionListener;
import io.holdfast.client.lanes.Environment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells observers of all clients about their events, each observer on a lane of its own. */
public final class EventHub {
    private final Logger logger = LoggerFactory.getLogger(EventHub.class);
    private final Environment environment;

    private record Observer(Predicate<String> wants, ObserverLane lane) {}

    private final Map<ConnectionListener, Observer> observers = new ConcurrentHashMap<>();

    public EventHub(Environment environment) {
        this.environment = environment;
    }

    /**
     * Adds an observer, or changes what one that is there is told from now on.
     *
     * @param wants which client ids the observer is told about
     */
    public void add(ConnectionListener listener, Predicate<String> wants) {
        observers.compute(
                listener, (same, known) -> new Observer(wants, known == null ? lane(listener) : known.lane()));
    }

    public void remove(ConnectionListener listener) {
        Observer gone = observers.remove(listener);
        if (gone != null) {
            gone.lane().close();
        }
    }

    ObserverLane lane(ConnectionListener listener) {
        return new ObserverLane(
                listener, environment, fault -> logger.warn("Observer of connection events: {}", fault));
    }

    void publish(ConnectionEvent event) {
        observers.values().forEach(o -> {
            if (o.wants().test(event.clientId())) {
                o.lane().post(event);
            }
        });
    }
}
