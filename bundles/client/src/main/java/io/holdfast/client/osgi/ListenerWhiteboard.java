// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.osgi;

import io.holdfast.api.client.MessageListener;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;

/**
 * All services {@link MessageListener} that name clients, by the clients they name. One tracker for all clients: the framework
 * asks every service listener at every service event, so that a tracker for each client would make the start of thousands
 * quadratic. Services are not asked for here. Any thread.
 */
final class ListenerWhiteboard implements ServiceTrackerCustomizer<MessageListener, ListenerWhiteboard.Offer> {
    /** A client that wants to know the listeners that name it. Called without a lock, in the thread that brings or takes them. */
    interface Reader {
        /** @param listener may have gone already: ask {@link #offers} after having noted it */
        void came(ServiceReference<MessageListener> listener);

        void left(ServiceReference<MessageListener> listener);
    }

    /** The clients one listener names. Guarded by {@link #byClient}. */
    static final class Offer {
        private Set<String> clients = Set.of();
    }

    private static final class Entry {
        private final Set<ServiceReference<MessageListener>> listeners = new LinkedHashSet<>();
        private final Set<Reader> readers = new HashSet<>();
    }

    private final ServiceTracker<MessageListener, Offer> tracker;

    /** Guards itself. An entry is there as long as it has listeners or readers. */
    private final Map<String, Entry> byClient = new HashMap<>();

    ListenerWhiteboard(BundleContext context) {
        this.tracker = new ServiceTracker<>(context, filter(), this);
    }

    private static Filter filter() {
        String text = "(&(" + Constants.OBJECTCLASS + "=" + MessageListener.class.getName() + ")("
                + MessageListener.CLIENT + "=*))";
        try {
            return FrameworkUtil.createFilter(text);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(text, e);
        }
    }

    void open() {
        tracker.open();
    }

    void close() {
        tracker.close();
    }

    /** From now on, and of all that are there, the reader is told. */
    void add(String client, Reader reader) {
        List<ServiceReference<MessageListener>> there;
        synchronized (byClient) {
            Entry entry = byClient.computeIfAbsent(client, c -> new Entry());
            entry.readers.add(reader);
            there = List.copyOf(entry.listeners);
        }
        there.forEach(reader::came);
    }

    /** Nothing more is told; what was told is the reader's to give back. */
    void remove(String client, Reader reader) {
        synchronized (byClient) {
            Entry entry = byClient.get(client);
            if (entry != null) {
                entry.readers.remove(reader);
                dropIfEmpty(client, entry);
            }
        }
    }

    boolean offers(String client, ServiceReference<MessageListener> listener) {
        synchronized (byClient) {
            Entry entry = byClient.get(client);
            return entry != null && entry.listeners.contains(listener);
        }
    }

    @Override
    public Offer addingService(ServiceReference<MessageListener> reference) {
        Offer offer = new Offer();
        change(reference, offer, clients(reference));
        return offer;
    }

    @Override
    public void modifiedService(ServiceReference<MessageListener> reference, Offer offer) {
        change(reference, offer, clients(reference));
    }

    @Override
    public void removedService(ServiceReference<MessageListener> reference, Offer offer) {
        change(reference, offer, Set.of());
    }

    private static Set<String> clients(ServiceReference<MessageListener> reference) {
        return Set.copyOf(Properties.texts(reference.getProperty(MessageListener.CLIENT)));
    }

    private void change(ServiceReference<MessageListener> listener, Offer offer, Set<String> now) {
        List<Reader> loses;
        List<Reader> gains;
        synchronized (byClient) {
            Set<String> before = offer.clients;
            offer.clients = now;
            loses = before.stream()
                    .filter(c -> !now.contains(c))
                    .flatMap(c -> withdrawn(c, listener))
                    .toList();
            gains = now.stream()
                    .filter(c -> !before.contains(c))
                    .flatMap(c -> offered(c, listener))
                    .toList();
        }
        loses.forEach(reader -> reader.left(listener));
        gains.forEach(reader -> reader.came(listener));
    }

    private Stream<Reader> withdrawn(String client, ServiceReference<MessageListener> listener) {
        Entry entry = byClient.get(client);
        if (entry == null) {
            return Stream.empty();
        }
        entry.listeners.remove(listener);
        dropIfEmpty(client, entry);
        return entry.readers.stream();
    }

    private Stream<Reader> offered(String client, ServiceReference<MessageListener> listener) {
        Entry entry = byClient.computeIfAbsent(client, c -> new Entry());
        entry.listeners.add(listener);
        return entry.readers.stream();
    }

    private void dropIfEmpty(String client, Entry entry) {
        if (entry.listeners.isEmpty() && entry.readers.isEmpty()) {
            byClient.remove(client);
        }
    }
}
