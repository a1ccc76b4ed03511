// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DataTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String CHANNEL = "/generic/x";
    private static final Pattern SEQ = Pattern.compile("\"seq\":(\\d+)");

    private final Simulator simulator =
            Simulator.start(SimulatorOptions.builder().rate(200).build());

    @AfterEach
    void stop() {
        simulator.close();
    }

    private static long number(RawClient client) throws IOException {
        Matcher matcher = SEQ.matcher(client.textWith("\"seq\":"));
        assertThat(matcher.find()).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    /** All numbers up to the end of the stream. */
    private static List<Long> rest(RawClient client) {
        List<Long> numbers = new ArrayList<>();
        try {
            while (true) {
                numbers.add(number(client));
            }
        } catch (IOException e) {
            return numbers; // the end, however it comes, is what is waited for
        }
    }

    @Test
    void theAccountIsExactOverAnOutage() throws IOException {
        List<Long> first;
        try (RawClient client = RawClient.open(simulator, CHANNEL)) {
            simulator.await("some numbers", () -> simulator.data().last(CHANNEL) >= 20, LIMIT);
            simulator.faults().fin();
            first = rest(client);
        }
        long atEnd = simulator.data().last(CHANNEL);
        simulator.await("an outage", () -> simulator.data().last(CHANNEL) >= atEnd + 20, LIMIT);
        List<Long> second;
        try (RawClient client = RawClient.open(simulator, CHANNEL)) {
            long begin = number(client);
            simulator.await("more numbers", () -> simulator.data().last(CHANNEL) >= begin + 20, LIMIT);
            simulator.faults().fin();
            second = rest(client);
            second.add(0, begin);
        }
        assertThat(simulator.data().written(CHANNEL, 1))
                .containsExactly(new SequenceRange(first.get(0), first.get(first.size() - 1)));
        assertThat(simulator.data().written(CHANNEL, 2))
                .containsExactly(new SequenceRange(second.get(0), second.get(second.size() - 1)));
        assertThat(first.get(0)).isEqualTo(1);
        assertThat(simulator.data().notWritten(CHANNEL, 1, second.get(second.size() - 1)))
                .containsExactly(new SequenceRange(first.get(first.size() - 1) + 1, second.get(0) - 1));
        assertThat(simulator.data().writtenCount(CHANNEL)).isEqualTo(first.size() + second.size());
    }

    @Test
    void twoConnectionsGetTheSameNumbers() throws IOException {
        try (RawClient one = RawClient.open(simulator, CHANNEL);
                RawClient two = RawClient.open(simulator, CHANNEL)) {
            long start = number(two);
            long other;
            do {
                other = number(one);
            } while (other < start);
            assertThat(other).isEqualTo(start);
            assertThat(simulator.data().subscribers(CHANNEL)).isEqualTo(2);
            assertThat(simulator.data().written(CHANNEL)).hasSize(1);
        }
    }

    @Test
    void aSilentChannelMakesAHole() throws IOException {
        simulator.data().rate("btcusdt@trade", 200);
        simulator.data().rate("btcusdt@depth", 200);
        try (RawClient client = RawClient.open(simulator, "/stream?streams=btcusdt@trade/btcusdt@depth")) {
            client.textWith("@trade");
            client.textWith("@depth");
            simulator.faults().on("/stream").silence("btcusdt@trade");
            long from = simulator.data().last("btcusdt@trade");
            simulator.await("a silence", () -> simulator.data().last("btcusdt@trade") >= from + 20, LIMIT);
            simulator.faults().on("/stream").clear();
            simulator.await(
                    "data again",
                    () -> simulator.data().written("btcusdt@trade", 1).size() == 2,
                    LIMIT);
            assertThat(simulator.data().written("btcusdt@depth", 1)).hasSize(1);
            SequenceRange hole = simulator
                    .data()
                    .notWritten("btcusdt@trade", from + 1, from + 20)
                    .get(0);
            assertThat(hole.count()).isEqualTo(20);
        }
    }

    @Test
    void ratesChangeLiveWithoutTouchingTheNumbers() throws IOException {
        try (RawClient client = RawClient.open(simulator, CHANNEL)) {
            long before = number(client);
            simulator.data().rate(CHANNEL, 0);
            long last = simulator.data().last(CHANNEL);
            simulator.data().rate(5_000);
            assertThat(simulator.data().last(CHANNEL)).as("a rate of its own").isEqualTo(last);
            simulator.data().rate(CHANNEL, 5_000);
            long previous = before;
            while (previous < 500) {
                long next = number(client);
                assertThat(next).isEqualTo(previous + 1);
                previous = next;
            }
        }
        assertThatThrownBy(() -> simulator.data().rate(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void numbersFollowTheClock() throws IOException {
        RawClient.open(simulator, CHANNEL).close();
        // In this order: however long it takes to ask, no number that came before the start is expected after it.
        long first = simulator.data().last(CHANNEL);
        long start = System.nanoTime();
        simulator.await("a while", () -> System.nanoTime() - start > 500_000_000, LIMIT);
        long expected = (System.nanoTime() - start) / 5_000_000;
        assertThat(simulator.data().last(CHANNEL) - first).isGreaterThanOrEqualTo(expected - 1);
    }

    @Test
    void unknownChannelsHaveEmptyAccounts() {
        assertThat(simulator.data().last("none")).isZero();
        assertThat(simulator.data().written("none")).isEmpty();
        assertThat(simulator.data().notWritten("none", 3, 4)).containsExactly(new SequenceRange(3, 4));
        assertThatThrownBy(() -> new SequenceRange(2, 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
