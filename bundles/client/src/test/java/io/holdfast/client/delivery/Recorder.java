// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.delivery;

import io.holdfast.api.client.Continuity;
import io.holdfast.api.client.Message;
import io.holdfast.api.client.MessageListener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A listener that checks invariant 10: each message once and in order, or told of the gap, in the same lane; one call at a
 * time; nothing after {@code Left} or after the removal. Several may share a {@link Place}: those with one listener id.
 */
final class Recorder implements MessageListener {
    /** What the holders of one place have been told so far. */
    static final class Place {
        /** Number of the next message; zero before Joined. */
        long next;

        /** Number of the last payload, by its sender. */
        long number;

        long delivered;
        long missing;
        final List<Continuity> events = new ArrayList<>();
        final List<String> violations = new CopyOnWriteArrayList<>();
        private final AtomicBoolean busy = new AtomicBoolean();

        void expect(boolean holds, String what) {
            if (!holds) {
                violations.add(what);
            }
        }
    }

    final Place place;
    private final Consumer<Message> onMessage;
    private volatile boolean removed;
    private volatile boolean left;

    Recorder() {
        this(new Place(), message -> {});
    }

    Recorder(Place place, Consumer<Message> onMessage) {
        this.place = place;
        this.onMessage = onMessage;
    }

    /** To be called after {@link Delivery#remove} has returned in time. */
    void removed() {
        removed = true;
    }

    boolean hasLeft() {
        return left;
    }

    List<Continuity> events() {
        return place.events;
    }

    long delivered() {
        return place.delivered;
    }

    /** The same payload for the same number, to be sent as {@code receivedNanos}, so that mixed-up bytes are seen. */
    static byte[] payload(long number, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) ('a' + (number + i) % 26);
        }
        return bytes;
    }

    @Override
    public void onMessage(Message message) {
        begin();
        try {
            long sequence = message.sequence();
            place.expect(sequence == place.next, "message " + sequence + " instead of " + place.next);
            place.next = sequence + 1;
            place.delivered++;
            check(message);
            onMessage.accept(message);
        } finally {
            place.busy.set(false);
        }
    }

    private void check(Message message) {
        long number = message.receivedNanos();
        place.expect(number > place.number, "payload " + number + " after " + place.number);
        place.number = number;
        var bytes = message.bytes();
        boolean same = true;
        for (int i = 0; i < bytes.remaining(); i++) {
            same &= bytes.get(bytes.position() + i) == (byte) ('a' + (number + i) % 26);
        }
        place.expect(same, "wrong bytes in " + number);
    }

    @Override
    public void onContinuity(Continuity event) {
        begin();
        try {
            place.events.add(event);
            if (event instanceof Continuity.Joined joined) {
                place.expect(
                        place.next == 0 || joined.sequence() >= place.next - 1,
                        "joined at " + joined + " behind " + place.next);
                place.next = joined.sequence() + 1;
            } else if (event instanceof Continuity.Gap gap && gap.stream().isEmpty()) {
                place.expect(gap.from() == place.next && gap.to() >= gap.from(), gap + " at " + place.next);
                place.missing += gap.to() - gap.from() + 1;
                place.next = gap.to() + 1;
            } else if (event instanceof Continuity.Interrupted lost) {
                place.expect(lost.sequence() < place.next, lost + " at " + place.next);
            } else if (event instanceof Continuity.Left) {
                left = true;
            }
        } finally {
            place.busy.set(false);
        }
    }

    private void begin() {
        place.expect(place.busy.compareAndSet(false, true), "two calls at once");
        place.expect(!removed, "called after it was removed");
        place.expect(!left, "called after Left");
    }
}
