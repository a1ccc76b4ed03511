// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.client.lanes.Environment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The plugins of one kind there are, by type. Of several with one type the highest ranking is used, of equals the one that
 * came first; a plugin of another type is never taken.
 *
 * @param <F> their factories
 */
public final class PluginRegistry<F> {
    static final Duration LEAVE_LIMIT = Duration.ofMillis(500);

    /** A plugin that can be taken away: then nothing of ours refers to it any more. */
    static final class Plugin<F> {
        private final String type;
        private final String name;
        private final long order;

        /** Guarded by the registry's lock. */
        private int ranking;

        private volatile F factory;

        private Plugin(String type, String name, int ranking, long order, F factory) {
            this.type = type;
            this.name = name;
            this.ranking = ranking;
            this.order = order;
            this.factory = factory;
        }

        String name() {
            return name;
        }

        /** Empty once it was taken away. */
        Optional<F> factory() {
            return Optional.ofNullable(factory);
        }
    }

    /** Called without a lock held, only posts. */
    interface Subscriber {
        /** Another plugin may be the best now. */
        void changed();

        /** Waits for calls into plugins to end. */
        void awaitLeft(long deadlineNanos);
    }

    private static final Comparator<Plugin<?>> BEST =
            Comparator.comparingInt((Plugin<?> p) -> -p.ranking).thenComparingLong(p -> p.order);

    private final Environment environment;
    private final ProfilePool profiles = new ProfilePool();

    /** Guards the fields below; no foreign call is made while it is held. */
    private final Object lock = new Object();

    private final List<Plugin<F>> plugins = new ArrayList<>();
    private final Map<Subscriber, String> subscribers = new LinkedHashMap<>();
    private long nextOrder;

    public PluginRegistry(Environment environment) {
        this.environment = environment;
    }

    ProfilePool profiles() {
        return profiles;
    }

    /** @param name for humans, for instance bundle and version */
    public void add(F factory, String type, String name, int ranking) {
        synchronized (lock) {
            plugins.add(new Plugin<>(type, name, ranking, nextOrder++, factory));
            plugins.sort(BEST);
        }
        tell(type);
    }

    /** Of a plugin that is there the type or the ranking may be another one now; with both the same nobody notices. */
    public void update(F factory, String type, String name, int ranking) {
        if (!ranked(factory, type, ranking)) {
            remove(factory);
            add(factory, type, name, ranking);
        }
    }

    /** Whether it is there, of that type; then it has that ranking. */
    private boolean ranked(F factory, String type, int ranking) {
        synchronized (lock) {
            Optional<Plugin<F>> there = plugin(factory).filter(p -> p.type.equals(type));
            if (there.isEmpty()) {
                return false;
            }
            if (there.get().ranking == ranking) {
                return true;
            }
            there.get().ranking = ranking;
            plugins.sort(BEST);
        }
        tell(type);
        return true;
    }

    /** With the lock held. */
    private Optional<Plugin<F>> plugin(F factory) {
        return plugins.stream().filter(p -> p.factory == factory).reduce((earlier, later) -> later);
    }

    /** Returns when no client is inside the plugin any more, or after half a second; then it is cut off. */
    public void remove(F factory) {
        Plugin<F> gone;
        List<Subscriber> users;
        synchronized (lock) {
            gone = plugin(factory).orElse(null);
            if (gone == null) {
                return;
            }
            plugins.remove(gone);
            users = users(gone.type);
        }
        tell(gone.type);
        long deadline = environment.nanoTime() + LEAVE_LIMIT.toNanos();
        gone.factory = null;
        users.forEach(u -> u.awaitLeft(deadline));
    }

    void subscribe(String type, Subscriber subscriber) {
        synchronized (lock) {
            subscribers.put(subscriber, type);
        }
        subscriber.changed();
    }

    void unsubscribe(Subscriber subscriber) {
        synchronized (lock) {
            subscribers.remove(subscriber);
        }
    }

    private void tell(String type) {
        List<Subscriber> users;
        synchronized (lock) {
            users = users(type);
        }
        users.forEach(Subscriber::changed);
    }

    private List<Subscriber> users(String type) {
        List<Subscriber> users = new ArrayList<>();
        subscribers.forEach((s, t) -> {
            if (t.equals(type)) {
                users.add(s);
            }
        });
        return users;
    }

    /** The plugin to use now; empty if there is none. */
    Optional<Plugin<F>> best(String type) {
        synchronized (lock) {
            return plugins.stream().filter(p -> p.type.equals(type)).findFirst();
        }
    }
}
