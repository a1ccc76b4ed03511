// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.exchange.Call;
import io.holdfast.api.exchange.Cost;
import io.holdfast.api.exchange.ExchangeProfile;
import io.holdfast.api.exchange.ExchangeProfile.Acknowledgement;
import io.holdfast.api.exchange.ExchangeProfile.Envelope;
import io.holdfast.api.exchange.Limit;
import io.holdfast.client.exchange.Calls.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = Long.MAX_VALUE - 3 * SECOND;

    static ExchangeProfile profile() {
        return new ExchangeProfile(
                "x",
                new Envelope("${id}", "", false),
                List.of(),
                Optional.empty(),
                Acknowledgement.ALL,
                10,
                1000,
                List.of(new Limit("calls", 10, 2), new Limit("orders", 2, 1)),
                List.of(new Cost("order*", "orders", 1), new Cost("order*", "calls", 0), new Cost("*", "calls", 1)),
                Duration.ofSeconds(1));
    }

    private final Calls<String> calls = new Calls<>(new Credits(profile(), START));

    private static Entry<String> entry(String id, String method) {
        return new Entry<>(id, Call.of(method, "").within(Duration.ofSeconds(5)), "owner of " + id);
    }

    private List<String> due(long now) {
        return calls.due(now).stream().map(Entry::id).toList();
    }

    @Test
    @DisplayName(
            "while the server wants a pause nothing is sent, then at the rate again; a shorter pause does not end it")
    void aPauseIsKept() {
        Credits credits = new Credits(profile(), START);
        Calls<String> paused = new Calls<>(credits);
        credits.pause(60 * SECOND, START);
        credits.pause(SECOND, START + SECOND);
        paused.add(entry("1", "get"), false, START + SECOND);
        assertThat(paused.due(START + 59 * SECOND)).isEmpty();
        long next = paused.next(START, START + 59 * SECOND);
        assertThat(next).isBetween(SECOND + SECOND / 2, SECOND + SECOND / 2 + 10);
        assertThat(paused.due(START + 59 * SECOND + next)).hasSize(1);
    }

    @Test
    @DisplayName("D6, D7: an id that is under way is refused, nothing of the first call changes")
    void D6_idsAreUnique() {
        assertThat(calls.add(entry("1", "get"), false, START)).isTrue();
        assertThat(calls.add(entry("1", "get"), false, START)).isFalse();
        assertThat(due(START)).containsExactly("1");
        assertThat(calls.add(entry("1", "get"), false, START)).isFalse();
        calls.written("1", START);
        assertThat(calls.answered("1").orElseThrow().owner()).isEqualTo("owner of 1");
        assertThat(calls.size()).isZero();
    }

    @Test
    @DisplayName("D9: an id used again has its own limit, not that of the call before")
    void D9_anIdUsedAgainHasItsOwnLimit() {
        calls.add(entry("1", "get"), false, START);
        due(START);
        calls.written("1", START);
        assertThat(calls.unanswered()).hasSize(1);
        calls.add(entry("1", "get"), false, START + 4 * SECOND);
        due(START + 4 * SECOND);
        calls.written("1", START + 4 * SECOND);
        assertThat(calls.expired(START, START + 6 * SECOND)).isEmpty();
        assertThat(calls.answered("1")).isPresent();
    }

    @Test
    @DisplayName("D10: an answer nobody waits for is nobody's")
    void D10_unknownAnswers() {
        calls.add(entry("1", "get"), false, START);
        assertThat(calls.answered("1")).as("not sent yet").isEmpty();
        due(START);
        assertThat(calls.answered("2")).isEmpty();
        assertThat(calls.size()).isEqualTo(1);
    }

    @Test
    @DisplayName("an answer without id is the oldest call's")
    void oldest() {
        calls.add(entry("1", "get"), false, START);
        calls.add(entry("2", "get"), false, START);
        due(START);
        assertThat(calls.answered("").orElseThrow().id()).isEqualTo("1");
        assertThat(calls.answered("").orElseThrow().id()).isEqualTo("2");
        assertThat(calls.answered("")).isEmpty();
    }

    @Test
    @DisplayName("what waits for one limit holds up what comes later for the same, and nothing else")
    void orderForEachLimit() {
        for (int i = 1; i <= 4; i++) {
            calls.add(entry("o" + i, "order"), false, START);
        }
        calls.add(entry("g", "get"), false, START);
        assertThat(due(START)).containsExactly("o1", "o2", "g");
        assertThat(due(START + SECOND / 2)).isEmpty();
        assertThat(due(START + SECOND + 1)).containsExactly("o3");
        assertThat(due(START + 2 * SECOND + 2)).containsExactly("o4");
    }

    @Test
    @DisplayName("time counts from the write, and not while nothing was read")
    void limits() {
        calls.add(entry("1", "get"), false, START);
        due(START);
        assertThat(calls.overdue(START, START + 100 * SECOND)).as("not written").isFalse();
        calls.written("1", START + SECOND);
        assertThat(calls.overdue(START, START + 5 * SECOND)).isFalse();
        assertThat(calls.overdue(START, START + 6 * SECOND)).isTrue();
        assertThat(calls.overdue(START + 3 * SECOND, START + 6 * SECOND)).isFalse();
        assertThat(calls.expired(START, START + 6 * SECOND)).hasSize(1);
    }

    @Test
    @DisplayName("patience ends; zero means at once or not at all")
    void patience() {
        calls.add(entry("o1", "order"), false, START);
        calls.add(entry("o2", "order"), false, START);
        calls.add(new Entry<>("o3", Call.of("order", "").waiting(Duration.ZERO), ""), false, START);
        calls.add(new Entry<>("o4", Call.of("order", "").waiting(Duration.ofSeconds(1)), ""), false, START);
        assertThat(due(START)).containsExactly("o1", "o2");
        assertThat(calls.impatient(START)).extracting(Entry::id).containsExactly("o3");
        assertThat(calls.impatient(START + SECOND)).extracting(Entry::id).containsExactly("o4");
    }

    @Test
    @DisplayName("never more than the bound")
    void bound() {
        for (int i = 0; i < Calls.MOST; i++) {
            assertThat(calls.add(entry("" + i, "get"), false, START)).isTrue();
        }
        assertThat(calls.add(entry("more", "get"), false, START)).isFalse();
    }

    @Test
    @DisplayName("the session's own are not counted with those of users, and no id is used twice")
    void boundOfUsers() {
        for (int i = 0; i < Calls.MOST; i++) {
            assertThat(calls.add(entry("own" + i, "get"), true, START)).isTrue();
        }
        for (int i = 0; i < Calls.MOST; i++) {
            assertThat(calls.add(entry("" + i, "order"), false, START)).isTrue();
        }
        assertThat(calls.add(entry("more", "get"), false, START)).isFalse();
        assertThat(calls.add(entry("more", "get"), true, START)).isTrue();
        assertThat(calls.add(entry("7", "get"), true, START)).isFalse();
        assertThat(due(START)).hasSize(12);
        assertThat(calls.answered("own7")).isPresent();
        assertThat(calls.add(entry("another", "get"), false, START))
                .as("the end of an own call makes no room for a user")
                .isFalse();
        assertThat(calls.answered("1")).isPresent();
        assertThat(calls.add(entry("another", "get"), false, START)).isTrue();
        assertThat(calls.size()).isEqualTo(2 * Calls.MOST);
        assertThat(calls.unanswered()).hasSize(10);
        assertThat(calls.unsent()).hasSize(2 * Calls.MOST - 10);
        assertThat(calls.size()).isZero();
    }

    @Test
    @DisplayName("the session's own go first, in their order; what waits for the same limit waits behind them")
    void ownGoFirst() {
        for (int i = 1; i <= 3; i++) {
            calls.add(entry("u" + i, "order"), false, START);
        }
        calls.add(entry("s1", "order"), true, START);
        calls.add(entry("s2", "order"), true, START);
        calls.add(entry("s3", "order"), true, START);
        calls.add(entry("g", "get"), false, START);
        assertThat(due(START)).containsExactly("s1", "s2", "g");
        assertThat(calls.claims()).containsExactly("orders");
        assertThat(due(START + SECOND + 1)).containsExactly("s3");
        assertThat(due(START + 3 * SECOND + 3)).containsExactly("u1", "u2");
        assertThat(calls.next(START, START + 3 * SECOND + 3)).isBetween(SECOND - 10, SECOND + 10);
    }

    @Test
    @DisplayName("an own call that costs more than users leave is not starved by cheaper ones")
    void anExpensiveOneIsNotStarved() {
        List<Limit> limits = List.of(new Limit("calls", 10, 2));
        Credits credits =
                new Credits(limits, List.of(new Cost("log-in", "calls", 10), new Cost("*", "calls", 1)), START);
        Calls<String> mixed = new Calls<>(credits);
        long now = START;
        for (int i = 0; i < 40; i++, now += SECOND / 2) {
            mixed.add(entry("u" + i, "get"), false, now);
            mixed.due(now);
        }
        mixed.add(entry("s", "log-in"), true, now);
        long began = now;
        while (mixed.due(now).stream().noneMatch(e -> e.id().equals("s"))) {
            now += SECOND / 2;
            mixed.add(entry("v" + now, "get"), false, now);
        }
        assertThat(now - began).isLessThanOrEqualTo(6 * SECOND);
    }

    @Test
    @DisplayName("a call behind another one is not looked at before that one may go")
    void nobodyLooksBeforeThereIsRoom() {
        List<Limit> limits = List.of(new Limit("calls", 10, 2), new Limit("orders", 2, 1));
        Credits credits =
                new Credits(limits, List.of(new Cost("order", "orders", 2), new Cost("*", "calls", 1)), START);
        Calls<String> both = new Calls<>(credits);
        both.add(entry("o1", "order"), false, START);
        both.add(entry("o2", "order"), false, START);
        both.add(entry("g", "get"), false, START);
        assertThat(both.due(START)).extracting(Entry::id).containsExactly("o1");
        long next = both.next(START, START);
        assertThat(next).as("until there are orders again").isBetween(2 * SECOND, 2 * SECOND + 10);
        assertThat(both.due(START + next)).extracting(Entry::id).containsExactly("o2", "g");
    }

    @Test
    @DisplayName("that the server was asked too much does not end a pause that is longer")
    void emptyDoesNotEndAPause() {
        Credits credits = new Credits(profile(), START);
        credits.pause(60 * SECOND, START);
        credits.empty(START + SECOND);
        assertThat(credits.take(credits.costs("get"), START + 59 * SECOND)).isFalse();
        assertThat(credits.take(credits.costs("get"), START + 61 * SECOND)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    @DisplayName("random: each call ends exactly once, no window exceeds capacity and refill, timers never oversleep")
    void random(long seed) {
        Random random = new Random(seed);
        TreeMap<String, Integer> ends = new TreeMap<>();
        List<Long> sentAt = new ArrayList<>();
        List<String> open = new ArrayList<>();
        long now = START;
        int added = 0;
        for (int step = 0; step < 3_000; step++) {
            now += random.nextInt((int) (SECOND / 4));
            if (random.nextInt(3) > 0 && calls.add(entry("" + added, "get"), random.nextInt(4) == 0, now)) {
                added++;
            }
            for (Entry<String> e : calls.due(now)) {
                sentAt.add(now);
                open.add(e.id());
                calls.written(e.id(), now);
            }
            if (!open.isEmpty() && random.nextBoolean()) {
                String id = open.remove(random.nextInt(open.size()));
                calls.answered(id).ifPresent(e -> ends.merge(e.id(), 1, Integer::sum));
            }
            for (Entry<String> e : calls.expired(START, now)) {
                ends.merge(e.id(), 1, Integer::sum);
                open.remove(e.id());
            }
            assertThat(calls.next(START, now)).isPositive();
        }
        calls.unsent().forEach(e -> ends.merge(e.id(), 1, Integer::sum));
        calls.unanswered().forEach(e -> ends.merge(e.id(), 1, Integer::sum));
        assertThat(ends).hasSize(added).allSatisfy((id, n) -> assertThat(n).isEqualTo(1));
        for (int i = 0; i < sentAt.size(); i++) {
            for (int j = i; j < sentAt.size(); j++) {
                double allowed = 10 + (sentAt.get(j) - sentAt.get(i)) / 1e9 * 2;
                assertThat((double) (j - i + 1)).isLessThanOrEqualTo(allowed + 1e-6);
            }
        }
    }
}
