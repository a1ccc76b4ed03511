// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.exchange;

import io.holdfast.api.exchange.ExchangeProfile;
import io.holdfast.api.exchange.FrameRule;
import io.holdfast.client.delivery.Sieve;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Tells data from the rest of one connection, in the delivery's turn, by the profile's rules, and watches the numbering of streams. Nothing
 * is parsed here; what is no data is handed on as text.
 *
 * <p>While one connection replaces another: data that names no channel is one stream without numbers; data of a channel that
 * nobody wants switches with the connection. What no rule knows, and answers and events that listeners see, are said on one
 * connection and mean that one, such as the answer to what a user sent there: of the new one from when it takes over, of the
 * old one until its end.
 */
public final class FrameTap implements Sieve {
    /** Told in the delivery's turn. */
    public interface Owner {
        /** An answer or event for the protocol to read. */
        void frame(long connection, String text);

        /** Messages are missing before the present one, which is delivered right after this returned. */
        void gap(long connection, String channel, long from, long to);

        /** The same, before one with which the channel begins anew, so that there is nothing to heal. */
        void jump(String channel, long from, long to);
    }

    private final long connection;
    private final FrameRules rules;
    private final Streams streams;
    private final Owner owner;

    public FrameTap(long connection, ExchangeProfile profile, Streams streams, Owner owner) {
        this.connection = connection;
        this.rules = new FrameRules(profile);
        this.streams = streams;
        this.owner = owner;
    }

    @Override
    public boolean takes(ByteBuffer payload, long nanos) {
        FrameRule rule = rules.first(payload);
        if (rule == null) {
            return streams.hides(connection);
        }
        if (rule.kind() == FrameRule.Kind.DATA) {
            return data(payload, nanos);
        }
        owner.frame(
                connection, StandardCharsets.UTF_8.decode(payload.duplicate()).toString());
        return rule.consumed() || streams.hides(connection);
    }

    @Override
    public Held next() {
        return streams.nextHeld();
    }

    private boolean data(ByteBuffer payload, long nanos) {
        int from = rules.channelBegins(payload);
        int to = from < 0 ? -1 : Bytes.quote(payload, from);
        Stream stream = to < 0 ? streams.unnamed() : streams.find(payload, from, to);
        if (stream == null) {
            return !streams.shows(connection);
        }
        switch (streams.offer(stream, payload, connection, nanos)) {
            case NEXT -> {
                return false;
            }
            case OLD -> {
                return true;
            }
            case JUMP -> {
                owner.jump(stream.name(), stream.missingFrom(), stream.missingTo());
                return false;
            }
            default -> {
                owner.gap(connection, stream.name(), stream.missingFrom(), stream.missingTo());
                return false;
            }
        }
    }
}
