// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.exchange;

import io.holdfast.api.exchange.ExchangeProfile;
import io.holdfast.api.exchange.ExchangeProfile.ChannelKey;
import io.holdfast.api.exchange.FrameRule;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Tells data from the rest on one connection's thread, by the profile's rules, and watches the numbering of streams. Nothing
 * is parsed here; what is no data is handed on as text.
 */
public final class FrameTap {
    /** Told on the connection's thread. */
    public interface Owner {
        /** An answer or event for the protocol to read. */
        void frame(long connection, String text);

        /** Messages are missing before the present one, which is delivered right after this returned. */
        void gap(long connection, String channel, long from, long to);
    }

    private final long connection;
    private final List<FrameRule> rules;
    private final byte[][][] literals;
    private final byte[] before;
    private final int within;
    private final Streams streams;
    private final Owner owner;

    public FrameTap(long connection, ExchangeProfile profile, Streams streams, Owner owner) {
        this.connection = connection;
        this.rules = profile.frames();
        this.streams = streams;
        this.owner = owner;
        literals = new byte[rules.size()][][];
        for (int i = 0; i < literals.length; i++) {
            literals[i] = rules.get(i).contains().stream()
                    .map(c -> c.getBytes(StandardCharsets.US_ASCII))
                    .toArray(byte[][]::new);
        }
        before = profile.channelKey()
                .map(k -> k.before().getBytes(StandardCharsets.US_ASCII))
                .orElse(null);
        within = profile.channelKey().map(ChannelKey::within).orElse(0);
    }

    /** @return whether listeners are not to see the message */
    public boolean takes(ByteBuffer payload, long nanos) {
        for (int i = 0; i < literals.length; i++) {
            FrameRule rule = rules.get(i);
            if (matches(payload, rule.within(), literals[i])) {
                if (rule.kind() == FrameRule.Kind.DATA) {
                    return data(payload, nanos);
                }
                owner.frame(
                        connection,
                        StandardCharsets.UTF_8.decode(payload.duplicate()).toString());
                return rule.consumed();
            }
        }
        return false;
    }

    private static boolean matches(ByteBuffer payload, int within, byte[][] all) {
        for (byte[] literal : all) {
            if (Bytes.after(payload, within, literal) < 0) {
                return false;
            }
        }
        return true;
    }

    private boolean data(ByteBuffer payload, long nanos) {
        if (before == null) {
            return false;
        }
        int from = Bytes.after(payload, within, before);
        int to = from < 0 ? -1 : Bytes.quote(payload, from);
        Stream stream = to < 0 ? null : streams.find(payload, from, to);
        if (stream == null) {
            return false;
        }
        switch (stream.offer(payload, connection, nanos)) {
            case NEXT -> {
                return false;
            }
            case OLD -> {
                return true;
            }
            default -> {
                owner.gap(connection, stream.name(), stream.missingFrom(), stream.missingTo());
                return false;
            }
        }
    }
}
