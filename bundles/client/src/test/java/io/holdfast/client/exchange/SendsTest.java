// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.exchange.Cost;
import io.holdfast.api.exchange.Limit;
import io.holdfast.client.exchange.Sends.Late;
import io.holdfast.client.exchange.Sends.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules for messages of users that are limited. */
class SendsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long MILLI = 1_000_000L;
    private static final long FOR_EVER = 1000 * SECOND;

    /** The clock wraps on the way. */
    private static final long START = Long.MAX_VALUE - 2 * SECOND;

    private static SendLimits limits(String... options) {
        ClientOptions.Builder builder = ClientOptions.uri("ws://localhost:1/");
        for (int i = 0; i < options.length; i += 2) {
            builder.option(options[i], options[i + 1]);
        }
        return SendLimits.of(builder.build(), 100_000);
    }

    private static Credits none() {
        return new Credits(List.of(), List.of(), START);
    }

    private static Sends<String> fivePerSecond() {
        return new Sends<>(limits("send.limit.messages", "5"), none(), START);
    }

    private static List<String> polled(Sends<String> sends, long now) {
        List<String> all = new ArrayList<>();
        for (String m = sends.poll(now); m != null; m = sends.poll(now)) {
            all.add(m);
        }
        return all;
    }

    @Test
    @DisplayName("what is refused is told the limit and the first moment at which it goes")
    void refusedUntilTheMomentThatIsNamed() {
        Sends<String> sends = fivePerSecond();
        assertThat(sends.offer("a", 10, "", 0, START)).isEqualTo(Verdict.GO);
        assertThat(sends.offer("b", 10, "", 0, START)).isEqualTo(Verdict.REFUSED);
        Credits.Lack lack = sends.lack(10, "", START);
        assertThat(lack.limit()).isEqualTo("send.limit.messages");
        assertThat(lack.nanos()).isBetween(333 * MILLI, 334 * MILLI);
        assertThat(sends.offer("c", 10, "", 0, START + lack.nanos() - MILLI)).isEqualTo(Verdict.REFUSED);
        assertThat(sends.offer("d", 10, "", 0, START + lack.nanos())).isEqualTo(Verdict.GO);
    }

    @Test
    @DisplayName("what waits goes in order, one behind another, and what may not wait does not overtake it")
    void inOrder() {
        Sends<String> sends = fivePerSecond();
        for (String m : List.of("a", "b", "c")) {
            sends.offer(m, 10, "", FOR_EVER, START);
        }
        assertThat(sends.offer("d", 10, "", 0, START + SECOND)).isEqualTo(Verdict.REFUSED);
        assertThat(sends.lack(10, "", START + SECOND).nanos())
                .as("b and c go before it")
                .isBetween(666 * MILLI, 668 * MILLI);
        assertThat(polled(sends, START + SECOND)).containsExactly("b");
        assertThat(polled(sends, START + 2 * SECOND)).containsExactly("c");
        assertThat(sends.next(START)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    @DisplayName("patience ends for each by itself; those behind move up")
    void patienceEnds() {
        Sends<String> sends = fivePerSecond();
        sends.offer("a", 10, "", FOR_EVER, START);
        sends.offer("short", 10, "", 100 * MILLI, START);
        sends.offer("b", 10, "", FOR_EVER, START);
        assertThat(sends.next(START)).isEqualTo(100 * MILLI);
        assertThat(polled(sends, START + 100 * MILLI)).isEmpty();
        List<Late<String>> late = sends.impatient(START + 100 * MILLI);
        assertThat(late).extracting(Late::message).containsExactly("short");
        assertThat(late.get(0).lack().limit()).isEqualTo("send.limit.messages");
        assertThat(polled(sends, START + SECOND)).containsExactly("b");
        assertThat(sends.size()).isZero();
    }

    @Test
    @DisplayName("heartbeats and pongs never wait, and leave the less for messages")
    void heartbeatsGoFirst() {
        Sends<String> sends = fivePerSecond();
        sends.offer("a", 10, "", FOR_EVER, START);
        sends.offer("b", 10, "", FOR_EVER, START);
        sends.chargeControl(4, START);
        assertThat(polled(sends, START + 400 * MILLI)).isEmpty();
        assertThat(polled(sends, START + 667 * MILLI)).containsExactly("b");
    }

    @Test
    @DisplayName(
            "a pong takes from a connection's limit of the exchange, not from the account's; a heartbeat's text from both")
    void whatControlFramesCost() {
        Credits exchange = new Credits(
                List.of(new Limit("frames", 10, 1, true), new Limit("credits", 100, 1)),
                List.of(new Cost("*", "frames", 1), new Cost("order", "credits", 50), new Cost("*", "credits", 10)),
                START);
        Sends<String> sends = new Sends<>(limits(), exchange, START);
        sends.chargeControl(4, START);
        assertThat(exchange.take(Map.of("frames", 10L), START)).isFalse();
        assertThat(exchange.take(Map.of("frames", 9L, "credits", 90L), START)).isTrue();
        sends.charge(40, false, START);
        assertThat(exchange.lacking(Map.of("frames", 1L), START)).isGreaterThan(SECOND);
        assertThat(exchange.lacking(Map.of("credits", 1L), START)).isGreaterThan(0);
        sends.charge(40, true, START);
        assertThat(exchange.lacking(Map.of("frames", 1L), START))
                .as("the session has paid for it")
                .isLessThan(3 * SECOND);
    }

    @Test
    @DisplayName("a message costs what the exchange says of its method; calls of the session that wait go first")
    void costsOfTheExchange() {
        Credits exchange = new Credits(
                List.of(new Limit("credits", 100, 10), new Limit("orders", 1, 1)),
                List.of(new Cost("order", "orders", 1), new Cost("order", "credits", 0), new Cost("*", "credits", 60)),
                START);
        Sends<String> sends = new Sends<>(limits(), exchange, START);
        assertThat(sends.offer("a", 10, "", 0, START)).isEqualTo(Verdict.GO);
        assertThat(sends.offer("b", 10, "other", 0, START)).isEqualTo(Verdict.REFUSED);
        assertThat(sends.lack(10, "other", START).limit()).isEqualTo("credits");
        assertThat(sends.offer("c", 10, "order", 0, START)).isEqualTo(Verdict.GO);
        assertThat(sends.claim(Set.of("orders"))).isTrue();
        assertThat(sends.offer("d", 10, "order", 0, START + 5 * SECOND)).isEqualTo(Verdict.REFUSED);
        assertThat(sends.offer("e", 10, "order", FOR_EVER, START + 5 * SECOND)).isEqualTo(Verdict.WAIT);
        assertThat(polled(sends, START + 9 * SECOND)).isEmpty();
        assertThat(sends.claim(Set.of())).isTrue();
        assertThat(polled(sends, START + 9 * SECOND)).containsExactly("e");
    }

    @Test
    @DisplayName("a long message waits until there is room for all of it; one that never fits is refused")
    void longMessages() {
        Sends<String> sends = new Sends<>(limits("send.limit.bytes", "20256"), none(), START);
        assertThat(sends.offer("no", 10_001, "", FOR_EVER, START)).isEqualTo(Verdict.TOO_LONG);
        assertThat(sends.tooLong(10_001)).isEqualTo("send.limit.bytes");
        assertThat(sends.offer("a", 10_000, "", 0, START)).isEqualTo(Verdict.GO);
        assertThat(sends.offer("b", 5_000, "", FOR_EVER, START)).isEqualTo(Verdict.WAIT);
        assertThat(polled(sends, START + 499 * MILLI)).isEmpty();
        assertThat(polled(sends, START + 501 * MILLI)).containsExactly("b");
        assertThat(new Sends<String>(limits("send.limit.messages", "5"), none(), START).tooLong(100_001))
                .isEqualTo("longest message of the exchange");
    }

    @Test
    @DisplayName("what waits is bounded, and what is left at the end is given back in order")
    void bounded() {
        Sends<Integer> sends = new Sends<>(limits("send.limit.messages", "5"), none(), START);
        for (int i = 0; i <= Sends.MOST; i++) {
            sends.offer(i, 1, "", FOR_EVER, START);
        }
        assertThat(sends.offer(-1, 1, "", FOR_EVER, START)).isEqualTo(Verdict.FULL);
        assertThat(sends.clear()).hasSize(Sends.MOST).startsWith(1, 2).endsWith(Sends.MOST);
        assertThat(sends.size()).isZero();
        assertThat(sends.lack(1, "", START).nanos()).as("nobody is before it").isLessThan(SECOND);
    }

    @Test
    @DisplayName("limits of a connection begin anew on each, those of an account do not")
    void bucketsOfConnections() {
        Credits account =
                new Credits(List.of(new Limit("frames", 1, 1, true), new Limit("credits", 1, 1)), List.of(), START);
        Map<String, Long> frame = Map.of("frames", 1L);
        Map<String, Long> credit = Map.of("credits", 1L);
        Credits first = account.onConnection(START);
        Credits second = account.onConnection(START);
        assertThat(first.take(frame, START)).isTrue();
        assertThat(first.take(frame, START)).isFalse();
        assertThat(second.take(frame, START)).isTrue();
        assertThat(first.take(credit, START)).isTrue();
        assertThat(second.take(credit, START)).isFalse();
        assertThat(account.isFull(START)).isFalse();
        assertThat(account.isFull(START + 2 * SECOND))
                .as("connections' own do not count")
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    @DisplayName("whatever is offered: in no second more than the limit, each message ends once, in order")
    void inEverySchedule(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int run = 0; run < 40; run++) {
            new Schedule(random.split()).run("seed " + seed + ", run " + run);
        }
    }

    /** A random flood with a heartbeat a second at most. */
    private static final class Schedule {
        private record Sent(long at, int bytes) {}

        private final SplittableRandom random;
        private final int messages;
        private final int bytes;
        private final Sends<Integer> sends;
        private final List<Sent> sent = new ArrayList<>();
        private final List<Integer> order = new ArrayList<>();
        private final int[] sizes = new int[400];
        private int over;
        private long now = START;
        private long lastBeat = START - SECOND;

        Schedule(SplittableRandom random) {
            this.random = random;
            int burst = 1 + random.nextInt(5);
            messages = burst + 2 + random.nextInt(20);
            bytes = 1024 + random.nextInt(5000);
            sends = new Sends<>(
                    limits(
                            "send.limit.messages", "" + messages,
                            "send.limit.burst", "" + burst,
                            "send.limit.bytes", "" + bytes),
                    none(),
                    START);
        }

        private void run(String name) {
            int offered = 0;
            while (offered < sizes.length || sends.size() > 0) {
                if (offered < sizes.length && random.nextInt(3) > 0) {
                    offer(offered++);
                }
                if (now - lastBeat >= SECOND && random.nextInt(4) == 0) {
                    lastBeat = now;
                    int size = random.nextInt(120);
                    sends.chargeControl(size, now);
                    sent.add(new Sent(now, size));
                }
                if (random.nextBoolean()) {
                    long next = sends.next(now);
                    now += next == Long.MAX_VALUE ? random.nextLong(SECOND) : Math.min(next, SECOND);
                } else {
                    now += random.nextLong(50 * MILLI);
                }
                for (Integer m = sends.poll(now); m != null; m = sends.poll(now)) {
                    gone(m);
                }
                over += sends.impatient(now).size();
            }
            assertThat(order.size() + over).as(name).isEqualTo(sizes.length);
            assertThat(order).as(name).isSorted().doesNotHaveDuplicates();
            assertThat(order.size())
                    .as(name + ": a run that sends little proves little")
                    .isGreaterThan(50);
            check(name);
        }

        private void offer(int i) {
            sizes[i] = random.nextInt(10) == 0 ? random.nextInt(bytes / 2 + 100) : random.nextInt(100);
            long patience = random.nextInt(4) == 0 ? random.nextLong(2 * SECOND) : FOR_EVER;
            switch (sends.offer(i, sizes[i], "", random.nextInt(10) == 0 ? 0 : patience, now)) {
                case GO -> gone(i);
                case WAIT -> {
                    // it ends later
                }
                case REFUSED, TOO_LONG, FULL -> over++;
            }
        }

        private void gone(int i) {
            order.add(i);
            sent.add(new Sent(now, sizes[i]));
        }

        private void check(String name) {
            int from = 0;
            long sum = 0;
            for (int to = 0; to < sent.size(); to++) {
                sum += sent.get(to).bytes;
                // What comes back in a second is there at its very end.
                while (sent.get(to).at - sent.get(from).at >= SECOND) {
                    sum -= sent.get(from++).bytes;
                }
                assertThat(to - from + 1).as(name + ", messages in a second").isLessThanOrEqualTo(messages);
                assertThat(sum).as(name + ", bytes in a second").isLessThanOrEqualTo(bytes);
            }
        }
    }
}
