// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.exchange;

import io.holdfast.api.exchange.ChannelSpec;
import io.holdfast.client.delivery.Sieve;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The streams of one client by name. Changed by the mailbox, which replaces the table as a whole; read by the connection's
 * thread without a lock and without making anything.
 */
public final class Streams {
    /** What is missing of a stream. */
    public record Lack(String stream, long from, long to) {}

    private final Map<String, Stream> byName = new LinkedHashMap<>();

    /** Open addressing; its length is a power of two and at least twice the number of streams. */
    private volatile Stream[] table = new Stream[2];

    /** What names no channel. */
    private final Stream unnamed = new Stream("", null);

    private final AtomicLong moved = new AtomicLong();

    /** Guarded by the delivery's turn; null while there is one connection. */
    private Join join;

    /** Guarded by the delivery's turn. */
    private final Deque<Sieve.Held> released = new ArrayDeque<>(0);

    /** On the mailbox. One that is known keeps what it knows. */
    public void want(Iterable<ChannelSpec> specs) {
        boolean added = false;
        for (ChannelSpec spec : specs) {
            if (!byName.containsKey(spec.name())) {
                byName.put(spec.name(), new Stream(spec.name(), spec.sequence().orElse(null)));
                added = true;
            }
        }
        if (added) {
            rebuild();
        }
    }

    /** On the mailbox. @return the stream, null if it was not known; {@link #givenBack} must be told of it in the turn */
    public Stream forget(String name) {
        Stream gone = byName.remove(name);
        if (gone != null) {
            rebuild();
        }
        return gone;
    }

    private void rebuild() {
        int length = 2;
        while (length < byName.size() * 2 + 1) {
            length *= 2;
        }
        Stream[] next = new Stream[length];
        for (Stream s : byName.values()) {
            int slot = Bytes.hash(s.key()) & (length - 1);
            while (next[slot] != null) {
                slot = (slot + 1) & (length - 1);
            }
            next[slot] = s;
        }
        table = next;
    }

    /** On the mailbox; null if it is not known. */
    public Stream get(String name) {
        return byName.get(name);
    }

    /** On the mailbox. What names no channel is one of them. */
    public List<Stream> all() {
        List<Stream> all = new ArrayList<>(byName.values());
        all.add(unnamed);
        return all;
    }

    /** On the mailbox: the channel was given back, or ended by the server, and will be asked for again. */
    public void beginAnew(String name) {
        Stream s = byName.get(name);
        if (s != null) {
            s.beginAnew();
        }
    }

    /** When the last message of the channel came on that connection; {@code Long.MIN_VALUE} for none. On the mailbox. */
    public long lastOn(String name, long connection) {
        Stream s = byName.get(name);
        return s == null ? Long.MIN_VALUE : s.lastOn(connection);
    }

    // --- rotation, in the turn; the streams are given, as they are the mailbox's

    /** Another connection is being made beside the present one. */
    public void join(long old, long next, List<Stream> all) {
        all.forEach(s -> s.joining(old));
        join = new Join(old, next, moved);
    }

    /**
     * It has taken over.
     *
     * @return those whose beginning it must be asked for
     */
    public List<String> switched(List<Stream> all) {
        if (join == null) {
            return List.of();
        }
        join.switched = true;
        return all.stream().filter(s -> s.switched(join)).map(Stream::name).toList();
    }

    /**
     * One of the two has ended: the old one, if the new one had taken over, else the new one.
     *
     * @return what is missing, as the old one ended before it had brought all that the new one does not bring
     */
    public List<Lack> parted(List<Stream> all) {
        List<Lack> lacking = List.of();
        if (join != null && !join.switched) {
            all.forEach(Stream::abandoned);
        } else if (join != null && !join.over) {
            lacking = replaced(all);
        }
        keepReleased();
        join = null;
        return lacking;
    }

    /**
     * The new one has ended after it had taken over, and the old one is over with it: nothing of either is shown any more.
     *
     * @return what is missing, as the old one had not yet brought all that the new one does not bring
     */
    public List<Lack> lost(long connection, List<Stream> all) {
        if (join == null || !join.switched || join.next != connection) {
            return List.of();
        }
        List<Lack> lacking = replaced(all);
        keepReleased();
        join.over = true;
        return lacking;
    }

    /**
     * In the turn: these were forgotten, maybe while a new connection's messages were kept back until the old one's had come
     * so far.
     *
     * @return what is missing, as the old one is not listened to any more
     */
    public List<Lack> givenBack(List<Stream> gone) {
        if (join == null || join.over) {
            return List.of();
        }
        if (!join.switched) {
            gone.forEach(s -> s.forgetKept(join));
            return List.of();
        }
        List<Lack> lacking = replaced(gone);
        keepReleased();
        return lacking;
    }

    private void keepReleased() {
        for (Sieve.Held h = nextHeld(); h != null; h = join.nextReleased()) {
            released.add(h);
        }
    }

    /** In the turn: what was kept back of the new connection and must be delivered after all, now that the old one is over. */
    public Sieve.Held nextReleased() {
        return released.poll();
    }

    private List<Lack> replaced(List<Stream> all) {
        List<Lack> lacking = new ArrayList<>();
        for (Stream s : all) {
            if (s.replaced(join)) {
                lacking.add(new Lack(s.name(), s.missingFrom(), s.missingTo()));
            }
        }
        return lacking;
    }

    /**
     * The old one has ended before the new one could take over.
     *
     * @return those whose beginning was not shown to anybody
     */
    public List<String> inherited(List<Stream> all) {
        join = null;
        return all.stream().filter(Stream::inherited).map(Stream::name).toList();
    }

    /** Whether the old one is needed by none of them, nor for what names no channel. On the mailbox. */
    public boolean joined(Collection<String> names) {
        return unnamed.joined() && names.stream().map(byName::get).allMatch(s -> s == null || s.joined());
    }

    /** Streams without numbers that went from one connection to another in a rotation. */
    public long moved() {
        return moved.get();
    }

    // --- looked at, in the turn

    /** What names no channel. */
    Stream unnamed() {
        return unnamed;
    }

    /** Whether listeners get what belongs to no stream of that connection. */
    boolean shows(long connection) {
        return join == null || join.shows(connection);
    }

    /** Whether it is being set up beside another, so that nothing of it goes to listeners. */
    boolean hides(long connection) {
        return join != null && join.hides(connection);
    }

    Sieve.Held nextHeld() {
        return join == null ? null : join.nextReleased();
    }

    Stream.Order offer(Stream stream, ByteBuffer payload, long connection, long nanos) {
        Join j = join;
        boolean ofBoth = j != null && (connection == j.old || connection == j.next);
        if (ofBoth && j.over) {
            return Stream.Order.OLD;
        }
        return ofBoth ? stream.offer(payload, connection, nanos, j) : stream.offer(payload, connection, nanos);
    }

    /** The stream whose name stands in these bytes; null if it is not known. */
    Stream find(ByteBuffer payload, int from, int to) {
        Stream[] now = table;
        int slot = Bytes.hash(payload, from, to) & (now.length - 1);
        while (now[slot] != null) {
            if (Bytes.equal(payload, from, to, now[slot].key())) {
                return now[slot];
            }
            slot = (slot + 1) & (now.length - 1);
        }
        return null;
    }
}
