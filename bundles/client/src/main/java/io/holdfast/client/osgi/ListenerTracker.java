// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.osgi;

import io.holdfast.api.client.MessageListener;
import io.holdfast.client.engine.ManagedClient;
import io.holdfast.client.engine.Text;
import io.holdfast.client.lanes.Environment;
import io.holdfast.client.lanes.Environment.Cancellable;
import io.holdfast.client.lanes.SerialLane;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the whiteboard has for one client: services {@link MessageListener} whose property {@code client.id} names it. Only those
 * are ever asked for, so that nobody's component is made for a client it does not want. A listener that goes is waited for as
 * {@link ManagedClient#removeListener} does, in the thread that takes it away.
 */
final class ListenerTracker implements ListenerWhiteboard.Reader {
    private static final Duration LEFT_LIMIT = Duration.ofMillis(1500);

    /** A listener that came. Guarded by {@link #held}. */
    private static final class Held {
        private MessageListener listener;
        private boolean added;
        private boolean gone;
    }

    private final Logger logger = LoggerFactory.getLogger(ListenerTracker.class);
    private final BundleContext context;
    private final Environment environment;
    private final ListenerWhiteboard whiteboard;
    private final ManagedClient client;
    private final String id;

    /** Guards itself and what is in it; not held while anything foreign runs. */
    private final Map<ServiceReference<MessageListener>, Held> held = new LinkedHashMap<>();

    /** Guarded by {@link #held}. */
    private boolean closed;

    /** Opening asks for services that are there already, which runs foreign code. */
    private final SerialLane lane;

    ListenerTracker(
            BundleContext context, Environment environment, ListenerWhiteboard whiteboard, ManagedClient client) {
        this.context = context;
        this.environment = environment;
        this.whiteboard = whiteboard;
        this.client = client;
        this.id = client.handle().id();
        this.lane = new SerialLane(
                environment.publishing(), fault -> logger.warn("Client {}: its listeners: {}", id, Text.of(fault)));
    }

    void open() {
        lane.execute(() -> whiteboard.add(id, this));
    }

    /** After the client's end: lets go of the listeners when they have been told of it, or after a while. */
    CompletionStage<Void> close() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Runnable letGo = () -> {
            lane.execute(this::letAllGo);
            Runnable complete = () -> done.complete(null);
            lane.execute(complete, complete);
        };
        Cancellable limit = environment.schedule(LEFT_LIMIT.toNanos(), letGo);
        client.listenersLeft().thenRun(() -> {
            limit.cancel();
            letGo.run();
        });
        return done;
    }

    private void letAllGo() {
        whiteboard.remove(id, this);
        List<ServiceReference<MessageListener>> all;
        synchronized (held) {
            closed = true;
            all = List.copyOf(held.keySet());
        }
        all.forEach(this::left);
    }

    @Override
    public void came(ServiceReference<MessageListener> reference) {
        Held mine = new Held();
        synchronized (held) {
            if (closed || held.putIfAbsent(reference, mine) != null) {
                return;
            }
        }
        if (!whiteboard.offers(id, reference)) {
            // It went while it was handed over; from here on its going would be told.
            left(reference);
        }
        MessageListener listener = context.getService(reference);
        if (listener != null) {
            // It keeps the listener id it came with; another client.id makes it leave.
            client.addListener(
                    listener,
                    Properties.texts(reference.getProperty(MessageListener.ID)).stream()
                            .findFirst());
        }
        boolean gone;
        synchronized (held) {
            mine.listener = listener;
            mine.added = true;
            gone = mine.gone;
        }
        if (gone) {
            letGo(reference, listener);
        }
    }

    @Override
    public void left(ServiceReference<MessageListener> reference) {
        Held gone;
        synchronized (held) {
            gone = held.remove(reference);
            if (gone == null) {
                return;
            }
            gone.gone = true;
            if (!gone.added) {
                // Whoever is adding it takes it away again.
                return;
            }
        }
        letGo(reference, gone.listener);
    }

    private void letGo(ServiceReference<MessageListener> reference, MessageListener listener) {
        if (listener == null) {
            return;
        }
        client.removeListener(listener);
        try {
            context.ungetService(reference);
        } catch (IllegalStateException e) {
            logger.debug("The framework has let go of a listener itself: {}", e.getMessage());
        }
    }
}
