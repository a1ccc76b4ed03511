// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.simulator.SequenceRange;
import io.holdfast.simulator.Simulator;
import java.util.BitSet;

/** The numbers of one channel of the simulator that arrived somewhere, each counted. Thread-safe. */
public final class Numbers {

    private static final String MARK = "\"seq\":";

    /** Guarded by this, like everything below. */
    private final BitSet arrived = new BitSet();

    private long count;
    private long doubled;
    private long unordered;
    private int last;

    /** Takes the number out of a message, if it has one. */
    public synchronized void read(String text) {
        int at = text.indexOf(MARK);
        if (at < 0) {
            return;
        }
        int end = at + MARK.length();
        while (Character.isDigit(text.charAt(end))) {
            end++;
        }
        int number = Integer.parseInt(text, at + MARK.length(), end, 10);
        count++;
        doubled += arrived.get(number) ? 1 : 0;
        unordered += number <= last ? 1 : 0;
        arrived.set(number);
        last = number;
    }

    public synchronized long count() {
        return count;
    }

    public synchronized long doubled() {
        return doubled;
    }

    public synchronized long unordered() {
        return unordered;
    }

    /** Waits for so many more. */
    public void awaitMore(int more) {
        long wanted = count() + more;
        await(more + " more messages").atMost(Services.LIMIT).until(() -> count() >= wanted);
    }

    private synchronized long missing(Iterable<SequenceRange> written) {
        long missing = 0;
        for (SequenceRange range : written) {
            for (long n = range.first(); n <= range.last(); n++) {
                missing += arrived.get((int) n) ? 0 : 1;
            }
        }
        return missing;
    }

    /**
     * Ends the channel's numbers and waits until everything that was written to an open connection has arrived: nothing lost,
     * nothing twice, in order.
     *
     * @return how many numbers arrived
     */
    public long complete(Simulator simulator, String channel) {
        completeOnce(simulator, channel);
        assertThat(count()).as("delivered").isEqualTo(simulator.data().writtenCount(channel));
        return count();
    }

    /** The same for a channel of which some numbers were written to two connections. */
    public long completeOnce(Simulator simulator, String channel) {
        simulator.data().rate(channel, 0);
        await("everything written has arrived")
                .atMost(Services.LIMIT)
                .untilAsserted(() -> assertThat(missing(simulator.data().written(channel)))
                        .as("written and not delivered")
                        .isZero());
        assertThat(doubled()).as("doubled").isZero();
        assertThat(unordered()).as("out of order").isZero();
        return count();
    }
}
