// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.exchange.ChannelSpec;
import io.holdfast.api.exchange.SequenceRule;
import io.holdfast.client.delivery.Sieve;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One channel that two connections bring, each as late as it likes, while one replaces the other at any moment: thousands of
 * interleavings for each kind of channel. What listeners get is compared with what the server sent.
 */
class RandomJoinTest {
    private static final int RUNS = 5_000;
    private static final int MESSAGES = 150;
    private static final int MOST_APART = 50;

    /** What the messages of the channel are like. */
    enum Kind {
        NUMBERED,
        /** Without numbers, the same bytes for every connection. */
        ALIKE,
        /** Without numbers, other bytes for each connection. */
        DIFFERENT
    }

    /** One rotation. Messages have the numbers 1, 2, ... of the server. */
    private static final class Run {
        private final Kind kind;
        private final RandomGenerator random;
        private final Streams streams = new Streams();

        /** To listeners, or told missing. */
        private final List<Integer> shown = new ArrayList<>();

        private int gaps;

        /** Of the new connection; the one before it is its snapshot where the channel has one. */
        private final int first;

        private int old;
        private int next;

        Run(Kind kind, long seed) {
            this.kind = kind;
            this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
            Optional<SequenceRule> rule =
                    kind == Kind.NUMBERED ? Optional.of(new SequenceRule("\"prev\":", "\"id\":", 0)) : Optional.empty();
            streams.want(List.of(new ChannelSpec("channel", 600, false, rule, Duration.ZERO)));
            this.first = 2 + random.nextInt(40);
            this.next = first - 1;
        }

        private void brings(long connection, String text, int number) {
            ByteBuffer payload = ByteBuffer.wrap(text.getBytes(UTF_8));
            switch (streams.offer(streams.get("channel"), payload, connection, 1)) {
                case NEXT -> shown.add(number);
                case GAP, JUMP -> gaps++;
                case OLD -> {
                    // not for listeners, or not yet
                }
            }
            for (Sieve.Held h = streams.nextHeld(); h != null; h = streams.nextHeld()) {
                shown.add(number(h));
            }
        }

        private static int number(Sieve.Held held) {
            String text = UTF_8.decode(held.payload()).toString();
            int from = text.indexOf("\"id\":") + 5;
            return Integer.parseInt(text.substring(from, text.indexOf('}', from)));
        }

        private String message(long connection, int number) {
            return switch (kind) {
                case NUMBERED -> "{\"prev\":" + (number - 1) + ",\"id\":" + number + "}";
                case ALIKE -> "{\"price\":1,\"id\":" + number + "}";
                case DIFFERENT -> "{\"of\":" + connection + ",\"id\":" + number + "}";
            };
        }

        private void oldBrings() {
            old++;
            brings(1, message(1, old), old);
        }

        private void nextBrings() {
            next++;
            brings(2, message(2, next), next);
        }

        /** One of them, as far as they may be apart. */
        private void either() {
            boolean mayOld = old < MESSAGES && old - next < MOST_APART;
            boolean mayNext = next < MESSAGES && next - old < MOST_APART;
            if (mayOld && (!mayNext || random.nextBoolean())) {
                oldBrings();
            } else if (mayNext) {
                nextBrings();
            }
        }

        private void run() {
            // The server sends nothing on the new connection before it has sent the same to the old one, which may be
            // late.
            int late = random.nextInt(Math.min(first - 1, MOST_APART));
            while (old < first - 1 - late) {
                oldBrings();
            }
            streams.join(1, 2, streams.all());
            if (kind == Kind.NUMBERED) {
                brings(2, "{\"snapshot\":true,\"id\":" + next + "}", next);
            }
            int before = random.nextInt(80);
            for (int i = 0; i < before; i++) {
                either();
            }
            // Both have brought one and the same.
            boolean comparable = old >= first && next >= first;
            assertThat(streams.switched(streams.all())).isEmpty();
            drain();
            check(comparable);
        }

        /** The old one stays until it is not needed any more; of a channel with numbers not always, and what that costs is told. */
        private void drain() {
            boolean inTime = kind != Kind.NUMBERED || random.nextInt(3) > 0;
            int more = random.nextInt(60);
            while (more > 0 && next < MESSAGES || inTime && !streams.joined(List.of("channel"))) {
                more--;
                if (old == MESSAGES && next == MESSAGES) {
                    break;
                }
                either();
            }
            List<Streams.Lack> lacking = streams.parted(streams.all());
            assertThat(inTime ? lacking : List.of()).as("missing").isEmpty();
            for (Streams.Lack lack : lacking) {
                for (long number = lack.from(); number <= lack.to(); number++) {
                    shown.add((int) number);
                }
            }
            for (Sieve.Held h = streams.nextReleased(); h != null; h = streams.nextReleased()) {
                shown.add(number(h));
            }
            while (next < MESSAGES) {
                nextBrings();
            }
        }

        private void check(boolean comparable) {
            int repeated = shown.size() - new LinkedHashSet<>(shown).size();
            int missed = MESSAGES - new LinkedHashSet<>(shown).size();
            assertThat(gaps).isZero();
            if (kind == Kind.NUMBERED || kind == Kind.ALIKE && comparable) {
                assertThat(shown).isSorted();
                assertThat(repeated).as("repeated").isZero();
                assertThat(missed).as("missed").isZero();
            } else {
                assertThat(repeated + missed).as("repeated or missed").isLessThanOrEqualTo(MOST_APART);
                assertThat(repeated == 0 || missed == 0).isTrue();
            }
            assertThat(streams.moved()).isEqualTo(kind == Kind.NUMBERED ? 0 : 1);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    @DisplayName(
            "with numbers, or with the same bytes, nothing is lost or doubled; else what the two are apart at most")
    void joins(Kind kind) {
        for (long seed = 1; seed <= RUNS; seed++) {
            try {
                new Run(kind, seed).run();
            } catch (AssertionError e) {
                throw new AssertionError(kind + " seed " + seed, e);
            }
        }
    }
}
