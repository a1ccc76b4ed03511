// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.osgi;

import io.holdfast.client.engine.Text;
import io.holdfast.client.lanes.Environment;
import io.holdfast.client.lanes.SerialLane;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One service that is in the registry or not, as was said last. Any thread may say so and never waits: registering runs
 * whatever foreign code reacts to it, so it happens in a lane of its own. What was said and overtaken does not happen.
 */
final class ServiceSwitch {
    /** A service that was registered. */
    interface Entry {
        void change(Map<String, Object> properties);

        void remove();
    }

    private final Logger logger = LoggerFactory.getLogger(ServiceSwitch.class);
    private final String name;
    private final Function<Map<String, Object>, Entry> registry;
    private final SerialLane lane;

    /** The properties it is to have; empty if it is not to be there. */
    private volatile Optional<Map<String, Object>> wanted = Optional.empty();

    private volatile boolean closed;

    /** Confined to the lane, like {@link #entry}. */
    private Optional<Map<String, Object>> shown = Optional.empty();

    private Optional<Entry> entry = Optional.empty();

    /** @param name for the log */
    ServiceSwitch(String name, Environment environment, Function<Map<String, Object>, Entry> registry) {
        this.name = name;
        this.registry = registry;
        this.lane = new SerialLane(
                environment.publishing(),
                fault -> logger.warn("Service {} cannot be changed: {}", name, Text.of(fault)));
    }

    /** The registry seen from a bundle. */
    static <S> Function<Map<String, Object>, Entry> registry(
            BundleContext context, Class<? super S> type, Object service) {
        return properties -> {
            ServiceRegistration<?> registration =
                    context.registerService(type.getName(), service, FrameworkUtil.asDictionary(properties));
            return new Entry() {
                @Override
                public void change(Map<String, Object> changed) {
                    registration.setProperties(FrameworkUtil.asDictionary(changed));
                }

                @Override
                public void remove() {
                    registration.unregister();
                }
            };
        };
    }

    /** @param properties not changed afterwards */
    void on(Map<String, Object> properties) {
        Optional<Map<String, Object>> said = Optional.of(properties);
        if (!said.equals(wanted)) {
            wanted = said;
            if (closed) {
                wanted = Optional.empty();
            }
            lane.execute(this::apply);
        }
    }

    void off() {
        if (wanted.isPresent()) {
            wanted = Optional.empty();
            lane.execute(this::apply);
        }
    }

    /** Switches off for good; completes when the service is gone, on a publishing thread. */
    CompletionStage<Void> gone() {
        closed = true;
        off();
        CompletableFuture<Void> done = new CompletableFuture<>();
        Runnable complete = () -> done.complete(null);
        lane.execute(complete, complete);
        return done;
    }

    private void apply() {
        Optional<Map<String, Object>> now = wanted;
        if (now.equals(shown)) {
            return;
        }
        try {
            if (now.isEmpty()) {
                Entry gone = entry.orElseThrow();
                entry = Optional.empty();
                shown = now;
                gone.remove();
            } else if (entry.isEmpty()) {
                entry = Optional.of(registry.apply(now.get()));
                shown = now;
            } else {
                entry.get().change(now.get());
                shown = now;
            }
        } catch (IllegalStateException e) {
            // The framework itself removes the services of a bundle that has stopped.
            logger.debug("Service {} not changed, as the bundle has stopped: {}", name, e.getMessage());
        }
    }
}
