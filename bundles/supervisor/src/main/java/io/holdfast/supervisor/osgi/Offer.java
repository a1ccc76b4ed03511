// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.osgi;

import java.util.Hashtable;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One service that is in the registry or not, as was said last. To register a service runs foreign code in the calling thread, so it
 * happens in a lane of its own; any thread may say what is to be.
 */
final class Offer<S> {
    private final Logger logger = LoggerFactory.getLogger(Offer.class);
    private final BundleContext context;
    private final Class<S> type;
    private final S service;
    private final Executor lane;

    /** Confined to the lane, like the one below. */
    private Optional<Map<String, Object>> shown = Optional.empty();

    private ServiceRegistration<S> registration;

    Offer(BundleContext context, Class<S> type, S service, Executor lane) {
        this.context = context;
        this.type = type;
        this.service = service;
        this.lane = lane;
    }

    /** @param properties empty: not there. A service whose properties change is withdrawn and offered anew */
    CompletionStage<Void> show(Optional<Map<String, Object>> properties) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        lane.execute(() -> {
            try {
                apply(properties);
            } catch (IllegalStateException e) {
                // The framework itself removes the services of a bundle that has stopped.
                logger.debug(
                        "A {} is not changed, as the bundle has stopped: {}", type.getSimpleName(), e.getMessage());
            } finally {
                done.complete(null);
            }
        });
        return done;
    }

    private void apply(Optional<Map<String, Object>> properties) {
        if (properties.equals(shown)) {
            return;
        }
        shown = properties;
        if (registration != null) {
            ServiceRegistration<S> old = registration;
            registration = null;
            old.unregister();
        }
        if (properties.isPresent()) {
            registration = context.registerService(type, service, new Hashtable<>(properties.get()));
        }
    }
}
