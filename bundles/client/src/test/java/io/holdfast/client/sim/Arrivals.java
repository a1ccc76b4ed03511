// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntSupplier;

/** What came on each connection of one client, in the order in which its engine got it. */
final class Arrivals {
    /** More than any lane lags behind. */
    private static final int MOST = 100_000;

    /** Of one book: more than is kept back of a connection that is ahead of the other. */
    private static final int MOST_PLACES = 20_000;

    private static final class OfConnection {
        /** Of each channel; what the engine got while another connection was in use. */
        private final Map<String, Long> places = new HashMap<>();

        /** Of each book: the last change. */
        private final Map<String, Long> changes = new HashMap<>();

        /** Of each book of a connection begun beside another: the place of the newest message up to each change. */
        private final Map<String, TreeMap<Long, Long>> placesOfChanges = new HashMap<>();

        private boolean beside;
        private Map<String, Long> hidden = Map.of();

        /** How far the connection that it replaced had come at the first message of this one that listeners get. */
        private final Map<String, Long> formerPlaces = new HashMap<>();

        /** How far the connection that it is to replace had come when it was permitted. */
        private Map<String, Long> formerAtFirst = Map.of();

        private boolean tookOver;
        private long former;
        private long allAtEnd = -1;

        private void arrives(NumberedFrame book) {
            TreeMap<Long, Long> places = placesOfChanges.computeIfAbsent(book.channel(), name -> new TreeMap<>());
            if (places.size() < MOST_PLACES) {
                places.put(book.change(), book.place());
            }
        }
    }

    /** What every listener gets. */
    record Arrival(long connection, long seq) {}

    private final IntSupplier remembered;
    private final Map<Long, OfConnection> connections = new LinkedHashMap<>();
    private final Deque<Arrival> taken = new ArrayDeque<>();
    private long all;

    Arrivals(IntSupplier remembered) {
        this.remembered = remembered;
    }

    private OfConnection of(long connection) {
        OfConnection known = connections.get(connection);
        if (known == null) {
            known = new OfConnection();
            connections.put(connection, known);
            if (connections.size() > remembered.getAsInt()) {
                connections.remove(connections.keySet().iterator().next());
            }
        }
        return known;
    }

    /** @param shown whether listeners without an exchange plugin get it */
    void arrives(long connection, NumberedFrame frame, boolean shown) {
        if (!frame.channel().isEmpty()) {
            OfConnection c = of(connection);
            c.places.put(frame.channel(), frame.place());
            c.changes.put(frame.channel(), frame.change());
            if (c.beside && frame.book()) {
                c.arrives(frame);
            }
            if (c.tookOver) {
                c.formerPlaces.putIfAbsent(frame.channel(), place(c.former, frame.channel()));
            }
        } else if (shown) {
            all++;
            taken.add(new Arrival(connection, frame.seq()));
            if (taken.size() > MOST) {
                taken.remove();
            }
        }
    }

    /** One is going to be made that is to replace another. */
    void permittedBeside(long connection, long present) {
        of(connection).formerAtFirst = Map.copyOf(of(present).places);
    }

    /** There is another that it is to replace. */
    void begunBeside(long connection) {
        of(connection).beside = true;
    }

    void tookOver(long connection, long former) {
        OfConnection c = of(connection);
        c.hidden = Map.copyOf(c.places);
        c.tookOver = true;
        c.former = former;
    }

    /** The former one ended before this one took over. */
    void inherited(long connection) {
        OfConnection c = of(connection);
        c.hidden = Map.copyOf(c.places);
    }

    void ended(long connection) {
        of(connection).allAtEnd = all;
    }

    // --- asked

    /** What listeners get as the client's message of that number; null if it is not known any more. */
    Arrival at(long sequence) {
        while (!taken.isEmpty() && all - taken.size() + 1 < sequence) {
            taken.remove();
        }
        return all - taken.size() + 1 == sequence ? taken.peek() : null;
    }

    /** Messages of the client until that connection ended, or so far. */
    long until(long connection) {
        long at = of(connection).allAtEnd;
        return at < 0 ? all : at;
    }

    /** The number of the last message of the channel on that connection. */
    long place(long connection, String channel) {
        return of(connection).places.getOrDefault(channel, 0L);
    }

    /** How many of that connection's messages of the book were up to that change; 0 unless it was begun beside another. */
    long placeOfChange(long connection, String channel, long change) {
        TreeMap<Long, Long> places = of(connection).placesOfChanges.get(channel);
        Map.Entry<Long, Long> upTo = places == null ? null : places.floorEntry(change);
        return upTo == null ? 0 : upTo.getValue();
    }

    /** Whether that was the last change of the book on some connection. */
    boolean endedWith(String channel, long change) {
        return connections.values().stream().anyMatch(c -> c.changes.getOrDefault(channel, -1L) == change);
    }

    /** The number of the last message of the channel that listeners must not get, as another connection was in use. */
    long hidden(long connection, String channel) {
        return of(connection).hidden.getOrDefault(channel, 0L);
    }

    /** The same of the former one, when the first message came that listeners get. */
    long formerPlace(long connection, String channel) {
        return of(connection).formerPlaces.getOrDefault(channel, 0L);
    }

    /**
     * Whether the former one brought nothing of the channel from when this one was permitted until it brought the first message
     * that listeners get, or so far.
     */
    boolean formerSilent(long connection, String channel) {
        OfConnection c = of(connection);
        long atFirst = c.formerAtFirst.getOrDefault(channel, 0L);
        long since = c.formerPlaces.getOrDefault(channel, place(c.former, channel));
        return c.tookOver && since == atFirst;
    }

    boolean tookOver(long connection) {
        return of(connection).tookOver;
    }

    /** Which one it replaced. */
    long former(long connection) {
        return of(connection).former;
    }
}
