// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.exchange;

import java.util.Objects;

/**
 * How the messages of a channel are numbered: each says where it begins and where it ends. One that does not say where it
 * begins is a snapshot, with which the numbering starts.
 *
 * <p>A message whose end is not above the last one's is an old one. Else its beginning must be the last end plus
 * {@code step}; with {@code step} 1 it may also lie before it. Anything else is a gap.
 *
 * <p>So is the first message of a channel that was not there for a while on a living connection, if it ends beyond the last
 * one: a snapshot with which the channel comes back does not show what it was meanwhile, and heals the gap itself.
 *
 * @param from literal (ASCII) right before the number at which a message begins, for instance {@code "prev_change_id":}
 * @param to literal right before the number at which it ends, for instance {@code "change_id":}
 * @param step 0 where a message begins with the last one's end, 1 where it begins with the number after it
 * @param remedy what becomes of a gap
 */
public record SequenceRule(String from, String to, int step, Remedy remedy) {
    /** What becomes of a gap, beside that the listeners are told. */
    public enum Remedy {
        /** The channel is given back and asked for again, which brings a snapshot. Further gaps are not told until then. */
        RESUBSCRIBE,
        /**
         * Nothing: asking again brings no snapshot, and would only lose more. The listener gets one from elsewhere; the numbering
         * goes on behind the gap, and each is told.
         */
        LISTENER
    }

    /** One whose gaps are healed by subscribing anew. */
    public SequenceRule(String from, String to, int step) {
        this(from, to, step, Remedy.RESUBSCRIBE);
    }

    public SequenceRule {
        Objects.requireNonNull(from);
        Objects.requireNonNull(to);
        if (from.isEmpty() || to.isEmpty()) {
            throw new IllegalArgumentException("a sequence needs two literals");
        }
        if (step != 0 && step != 1) {
            throw new IllegalArgumentException("step must be 0 or 1");
        }
        Objects.requireNonNull(remedy);
    }
}
