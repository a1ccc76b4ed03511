// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ByteRingTest {
    private static final long CEILING = 1 << 20;

    private final ByteRing ring = new ByteRing();
    private final LaneMessage message = new LaneMessage();

    private void append(long sequence, int length) {
        ring.append(
                sequence % 2 == 0,
                ByteBuffer.wrap(Recorder.payload(sequence, length)),
                sequence,
                sequence * 3,
                sequence * 5,
                CEILING);
    }

    private void takeAndCheck(long sequence, int length) {
        assertThat(ring.peek()).isEqualTo(sequence);
        assertThat(ring.take(message)).isTrue();
        assertThat(message.bytes().remaining()).isEqualTo(length);
        check(message, sequence);
    }

    private static void check(LaneMessage message, long sequence) {
        assertThat(message.sequence()).isEqualTo(sequence);
        assertThat(message.isText()).isEqualTo(sequence % 2 == 0);
        assertThat(message.connection()).isEqualTo(sequence * 3);
        assertThat(message.receivedNanos()).isEqualTo(sequence * 5);
        byte[] bytes = new byte[message.bytes().remaining()];
        message.bytes().get(bytes);
        assertThat(bytes).isEqualTo(Recorder.payload(sequence, bytes.length));
    }

    /** Against a plain queue, over wraps, growth, drops and trims at random places. */
    @Test
    void isAQueue() {
        for (int seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            ArrayDeque<long[]> model = new ArrayDeque<>();
            long bytes = 0;
            long sequence = 0;
            int largest = 1 << (1 + random.nextInt(13));
            for (int step = 0; step < 400; step++) {
                int what = random.nextInt(10);
                if (what < 5) {
                    int length = random.nextInt(largest);
                    append(++sequence, length);
                    model.add(new long[] {sequence, length});
                    bytes += length;
                } else if (what < 8) {
                    if (model.isEmpty()) {
                        assertThat(ring.peek()).isEqualTo(ByteRing.NONE);
                    } else {
                        long[] first = model.remove();
                        takeAndCheck(first[0], (int) first[1]);
                        bytes -= first[1];
                    }
                } else if (what == 8) {
                    assertThat(ring.dropOldest()).isEqualTo(!model.isEmpty());
                    bytes -= model.isEmpty() ? 0 : model.remove()[1];
                } else {
                    ring.trim();
                }
                assertThat(ring.messages()).isEqualTo(model.size());
                assertThat(ring.bytes()).isEqualTo(bytes);
                assertThat(ring.isEmpty()).isEqualTo(model.isEmpty());
            }
            while (!model.isEmpty()) {
                long[] first = model.remove();
                takeAndCheck(first[0], (int) first[1]);
            }
        }
    }

    @Test
    void growsNoFurtherThanTheCeilingOrTheNeed() {
        for (int i = 1; i <= 1000; i++) {
            append(i, 1000);
        }
        assertThat(ring.capacity()).isLessThanOrEqualTo(1_056_000);
    }

    @Test
    void takeFailsIfTheProducerWasFirst() {
        append(1, 10);
        append(2, 10);
        assertThat(ring.peek()).isEqualTo(1);
        ring.dropOldest();
        assertThat(ring.take(message)).isFalse();
        takeAndCheck(2, 10);
    }

    /** A producer that drops the oldest, grows and trims under a consumer that copies. */
    @Test
    void consumerNeverSeesATornMessage() throws Exception {
        int last = 300_000;
        AtomicReference<Throwable> failure = new AtomicReference<>();
        long[] taken = new long[1];
        Thread consumer = new Thread(() -> {
            try {
                long before = 0;
                while (before < last) {
                    if (ring.peek() != ByteRing.NONE && ring.take(message)) {
                        assertThat(message.sequence()).isGreaterThan(before);
                        before = message.sequence();
                        check(message, before);
                        taken[0]++;
                    } else {
                        Thread.onSpinWait();
                    }
                }
            } catch (Throwable e) {
                failure.set(e);
            }
        });
        consumer.start();
        SplittableRandom random = new SplittableRandom(1);
        long dropped = 0;
        byte[][] payloads = new byte[26][];
        for (int i = 0; i < 26; i++) {
            payloads[i] = Recorder.payload(i, 600);
        }
        for (long i = 1; i <= last && failure.get() == null; i++) {
            while (ring.messages() >= 4 + i / 1000 % 40) {
                if (i < last - 50 && ring.dropOldest()) {
                    dropped++;
                } else {
                    Thread.onSpinWait();
                }
            }
            ring.append(
                    i % 2 == 0,
                    ByteBuffer.wrap(payloads[(int) (i % 26)], 0, random.nextInt(600)),
                    i,
                    i * 3,
                    i * 5,
                    CEILING);
            if (i % 500 == 0) {
                ring.trim();
            }
        }
        consumer.join();
        assertThat(failure.get()).isNull();
        assertThat(taken[0] + dropped).isEqualTo(last);
        assertThat(ring.messages()).isZero();
    }
}
