// SPDX-License-Identifier: Apache-2.0
package io.holdfast.health;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.osgi.framework.ServiceRegistration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the registered services equal to those that ought to be. Registers in a thread of its own, as whoever listens to
 * services runs in the registering thread, and callbacks of the component runtime must not wait for them.
 */
final class Publisher {
    /** Makes one registration. Compared by nothing: its key says what it is. */
    interface Registrar {
        ServiceRegistration<?> register();
    }

    private final Logger logger = LoggerFactory.getLogger(Publisher.class);
    private final ThreadPoolExecutor thread;
    private final Supplier<Map<Object, Registrar>> wanted;

    /** Confined to the thread. */
    private final Map<Object, ServiceRegistration<?>> registered = new HashMap<>();

    /** @param wanted what ought to be registered, by key; a changed service has another key */
    Publisher(Supplier<Map<Object, Registrar>> wanted) {
        this.wanted = wanted;
        this.thread = new ThreadPoolExecutor(
                1,
                1,
                5,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> {
                    Thread t = new Thread(task, "holdfast-health");
                    t.setDaemon(true);
                    return t;
                    // What the component runtime unbinds after the end needs no look any more.
                },
                new ThreadPoolExecutor.DiscardPolicy());
        thread.allowCoreThreadTimeOut(true);
    }

    /** Something may have changed. Any thread; only posts. */
    void look() {
        thread.execute(() -> align(wanted.get()));
    }

    /** Takes everything back and ends the thread; waits for it 2 s at most. */
    void close() {
        thread.execute(() -> align(Map.of()));
        thread.shutdown();
        try {
            if (!thread.awaitTermination(2, TimeUnit.SECONDS)) {
                logger.warn("A listener to services still holds up the end of the health checks");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void align(Map<Object, Registrar> target) {
        new HashSet<>(registered.keySet())
                .stream().filter(key -> !target.containsKey(key)).forEach(this::unregister);
        target.forEach((key, registrar) -> {
            if (!registered.containsKey(key)) {
                register(key, registrar);
            }
        });
    }

    private void register(Object key, Registrar registrar) {
        try {
            registered.put(key, registrar.register());
        } catch (IllegalStateException e) {
            logger.debug("Not registered, as the bundle stops: {}", e.toString());
        }
    }

    private void unregister(Object key) {
        try {
            registered.remove(key).unregister();
        } catch (IllegalStateException e) {
            logger.debug("The framework was faster, as the bundle stops: {}", e.toString());
        }
    }
}
