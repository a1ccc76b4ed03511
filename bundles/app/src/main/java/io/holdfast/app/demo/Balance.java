// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.demo;

import io.holdfast.simulator.SequenceRange;
import java.util.BitSet;
import java.util.List;

/**
 * What the simulator wrote of one stream against what the listener got, number by number. Pure.
 *
 * @param numbers how many there were
 * @param missing not delivered: the gap as the listener saw it
 * @param unsent written to no connection: what was due while none was open
 * @param inFlight missing although written, behind the last one delivered on a connection that the client ended or that was reset: cut off on the way
 * @param lost missing although written, otherwise
 * @param unexplained delivered although not written
 * @param doubled delivered twice or in the wrong order
 * @param unreported missing without the listener having been told of an interruption
 */
record Balance(
        long numbers,
        long missing,
        long unsent,
        long inFlight,
        long lost,
        long unexplained,
        long doubled,
        long unreported) {

    static final Balance EMPTY = new Balance(0, 0, 0, 0, 0, 0, 0, 0);

    /**
     * @param first first number looked at
     * @param last last number looked at; one that was delivered, so that nothing before it is still on its way
     * @param received numbers delivered
     * @param written numbers written
     * @param cut what was written to each connection that the client ended or that was reset
     */
    static Balance of(
            long first,
            long last,
            List<SequenceRange> received,
            List<SequenceRange> written,
            List<List<SequenceRange>> cut,
            long doubled,
            long unreported) {
        int size = Math.toIntExact(Math.max(0, last - first + 1));
        BitSet got = bits(received, first, last);
        BitSet sent = bits(written, first, last);
        BitSet tails = new BitSet();
        cut.forEach(connection -> tails.or(tail(bits(connection, first, last), got)));
        BitSet all = new BitSet();
        all.set(0, size);
        BitSet missing = minus(all, got);
        BitSet cutOff = minus(missing, minus(all, sent));
        BitSet lost = minus(cutOff, tails);
        return new Balance(
                size,
                missing.cardinality(),
                size - sent.cardinality(),
                cutOff.cardinality() - lost.cardinality(),
                lost.cardinality(),
                minus(got, sent).cardinality(),
                doubled,
                unreported);
    }

    Balance plus(Balance o) {
        return new Balance(
                numbers + o.numbers,
                missing + o.missing,
                unsent + o.unsent,
                inFlight + o.inFlight,
                lost + o.lost,
                unexplained + o.unexplained,
                doubled + o.doubled,
                unreported + o.unreported);
    }

    private static BitSet tail(BitSet connection, BitSet got) {
        BitSet delivered = (BitSet) connection.clone();
        delivered.and(got);
        BitSet tail = (BitSet) connection.clone();
        tail.clear(0, delivered.length());
        return tail;
    }

    private static BitSet minus(BitSet a, BitSet b) {
        BitSet rest = (BitSet) a.clone();
        rest.andNot(b);
        return rest;
    }

    private static BitSet bits(List<SequenceRange> ranges, long first, long last) {
        BitSet bits = new BitSet();
        for (SequenceRange range : ranges) {
            long from = Math.max(first, range.first());
            long to = Math.min(last, range.last());
            if (from <= to) {
                bits.set((int) (from - first), (int) (to - first) + 1);
            }
        }
        return bits;
    }
}
