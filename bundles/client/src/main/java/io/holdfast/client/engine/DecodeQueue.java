// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.exchange.Inbound;
import io.holdfast.client.lanes.Environment;
import io.holdfast.client.lanes.Environment.Cancellable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The answers and events that the protocol is to read, of all connections of one client, in the order in which they came. What
 * a plugin that is replaced has not read its successor reads; what comes later has no effect before that. Confined to the
 * mailbox.
 */
final class DecodeQueue {
    /** Asks the protocol that is there. One of the three is told, on the mailbox and not within the call. */
    interface Decoder {
        /** @param left it came to nothing, as that plugin is asked no more */
        void decode(String frame, Consumer<Inbound> read, Runnable unreadable, Runnable left);
    }

    /** So many may wait while there is no plugin. */
    static final int MOST_FRAMES = 4096;

    /** And so many characters of them; a frame that waits alone may be as long as messages may be. */
    static final int MOST_CHARS = 8 << 20;

    /** The place of a frame, or of a task that waits for the frames before it. */
    private static final class Place {
        private final ExchangeSession of;
        private final String frame;
        private boolean asked;

        /** What is to be done in its turn; null while that is not known. */
        private Runnable then;

        private Cancellable limit = Cancellable.NONE;

        private Place(ExchangeSession of, String frame, Runnable then) {
            this.of = of;
            this.frame = frame;
            this.then = then;
        }
    }

    private final Environment environment;
    private final Executor mailbox;
    private final Supplier<ClientOptions> options;
    private final BooleanSupplier bound;
    private final Decoder decoder;

    private final Deque<Place> places = new ArrayDeque<>(1);
    private long chars;
    private boolean advancing;

    /** @param bound whether there is a protocol that can be asked */
    DecodeQueue(
            Environment environment,
            Executor mailbox,
            Supplier<ClientOptions> options,
            BooleanSupplier bound,
            Decoder decoder) {
        this.environment = environment;
        this.mailbox = mailbox;
        this.options = options;
        this.bound = bound;
        this.decoder = decoder;
    }

    /** What no plugin reads in time is not passed over: its connection is failed when it is too much. */
    void frame(ExchangeSession of, String frame) {
        boolean there = bound.getAsBoolean();
        boolean full = places.size() >= MOST_FRAMES || !places.isEmpty() && chars + frame.length() > MOST_CHARS;
        if (!there && full) {
            of.fail(ExchangeQuestions.retry(
                    "more answers and events came than can wait for an exchange plugin of type '"
                            + options.get().exchangeType() + "'"));
            return;
        }
        Place place = new Place(of, frame, null);
        places.add(place);
        chars += frame.length();
        if (there) {
            ask(place);
        }
    }

    private void ask(Place place) {
        place.asked = true;
        decoder.decode(
                place.frame,
                inbound -> read(place, () -> place.of.inbound(inbound)),
                () -> read(place, () -> {}),
                () -> left(place));
    }

    private void read(Place place, Runnable then) {
        place.then = then;
        advance();
    }

    private void left(Place place) {
        place.asked = false;
        if (bound.getAsBoolean() && places.contains(place)) {
            ask(place);
        }
    }

    /** There is a protocol again. */
    void bound() {
        for (Place place : List.copyOf(places)) {
            if (place.frame != null && !place.asked) {
                ask(place);
            }
        }
    }

    /**
     * Runs a task of the session when every frame given so far has been read, at once if none waits.
     *
     * @param late runs instead when that took longer than connections wait for a plugin
     */
    void after(ExchangeSession of, Runnable read, Runnable late) {
        if (places.isEmpty()) {
            read.run();
            return;
        }
        Place place = new Place(of, null, read);
        places.add(place);
        place.limit = environment.schedule(
                options.get().exchangeWait().toNanos(),
                () -> mailbox.execute(() -> {
                    if (places.remove(place)) {
                        late.run();
                    }
                }));
    }

    private void advance() {
        if (advancing) {
            return;
        }
        advancing = true;
        try {
            for (Place next = places.peek(); next != null && next.then != null; next = places.peek()) {
                places.remove();
                gone(next);
                next.then.run();
            }
        } finally {
            advancing = false;
        }
    }

    private void gone(Place place) {
        place.limit.cancel();
        chars -= place.frame == null ? 0 : place.frame.length();
    }

    /** The session's connection has ended: nobody cares any more. */
    void forget(ExchangeSession of) {
        List<Place> its = new ArrayList<>();
        places.removeIf(p -> p.of == of && its.add(p));
        if (!its.isEmpty()) {
            its.forEach(this::gone);
            // Not here: the sessions are in the middle of a change.
            mailbox.execute(this::advance);
        }
    }

    void close() {
        places.forEach(this::gone);
        places.clear();
    }
}
