// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.exchange;

import io.holdfast.api.exchange.ChannelSpec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The streams of one client by name. Changed by the mailbox, which replaces the table as a whole; read by the connection's
 * thread without a lock and without making anything.
 */
public final class Streams {
    private final Map<String, Stream> byName = new LinkedHashMap<>();

    /** Open addressing; its length is a power of two and at least twice the number of streams. */
    private volatile Stream[] table = new Stream[2];

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

    /** On the mailbox. */
    public void forget(String name) {
        if (byName.remove(name) != null) {
            rebuild();
        }
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

    /** On the mailbox. */
    public List<Stream> all() {
        return new ArrayList<>(byName.values());
    }

    /** On the mailbox: the channel was given back and will be asked for again. */
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
