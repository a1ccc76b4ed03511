// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.exchange;

import io.holdfast.api.client.Message;
import io.holdfast.api.exchange.ExchangeProfile;
import io.holdfast.api.exchange.FrameRule;
import io.holdfast.client.delivery.Conflation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Channels of which only the newest message that waits is of use. {@link #set} is called on the mailbox and replaces the table
 * as a whole; the rest is called on connections' and delivery threads, takes no lock and makes nothing.
 */
public final class ConflatedChannels implements Conflation {
    private static final class Slot {
        private final byte[] name;

        /** Number of the channel's newest message. */
        private volatile long newest;

        private final AtomicLong left = new AtomicLong();

        private Slot(String name) {
            this.name = name.getBytes(StandardCharsets.UTF_8);
        }
    }

    /** Open addressing; the length of {@code slots} is a power of two and at least twice the number of channels. */
    private record Table(Slot[] slots, FrameRules rules) {}

    /** On the mailbox. Replaced as a whole. */
    private Map<String, Slot> byName = Map.of();

    /** Null while no channel is conflated. */
    private volatile Table table;

    /** Those from here on; a channel that was conflated before keeps its count. On the mailbox. */
    public void set(ExchangeProfile profile, Collection<String> names) {
        Map<String, Slot> before = byName;
        Map<String, Slot> now = new LinkedHashMap<>();
        names.forEach(
                n -> now.computeIfAbsent(n, name -> before.containsKey(name) ? before.get(name) : new Slot(name)));
        byName = now;
        if (byName.isEmpty() || profile.channelKey().isEmpty()) {
            table = null;
            return;
        }
        int length = 2;
        while (length < byName.size() * 2 + 1) {
            length *= 2;
        }
        Slot[] slots = new Slot[length];
        for (Slot slot : byName.values()) {
            int at = Bytes.hash(slot.name) & (length - 1);
            while (slots[at] != null) {
                at = (at + 1) & (length - 1);
            }
            slots[at] = slot;
        }
        table = new Table(slots, new FrameRules(profile));
    }

    /** Messages left out, by channel. */
    public Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        Table now = table;
        if (now != null) {
            for (Slot slot : now.slots()) {
                if (slot != null) {
                    counts.put(new String(slot.name, StandardCharsets.UTF_8), slot.left.get());
                }
            }
        }
        return counts;
    }

    @Override
    public void received(boolean text, ByteBuffer payload, long sequence) {
        Slot slot = text ? find(payload) : null;
        if (slot != null) {
            slot.newest = sequence;
        }
    }

    @Override
    public boolean outdated(Message message) {
        Slot slot = table != null && message.isText() ? find(message.bytes()) : null;
        if (slot == null || slot.newest <= message.sequence()) {
            return false;
        }
        slot.left.incrementAndGet();
        return true;
    }

    private Slot find(ByteBuffer payload) {
        Table now = table;
        if (now == null || !data(now.rules().first(payload))) {
            return null;
        }
        int from = now.rules().channelBegins(payload);
        int to = from < 0 ? -1 : Bytes.quote(payload, from);
        if (to < 0) {
            return null;
        }
        Slot[] slots = now.slots();
        int at = Bytes.hash(payload, from, to) & (slots.length - 1);
        while (slots[at] != null) {
            if (Bytes.equal(payload, from, to, slots[at].name)) {
                return slots[at];
            }
            at = (at + 1) & (slots.length - 1);
        }
        return null;
    }

    private static boolean data(FrameRule rule) {
        return rule != null && rule.kind() == FrameRule.Kind.DATA;
    }
}
