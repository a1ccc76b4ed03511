// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.exchange.ChannelSpec;
import io.holdfast.api.exchange.ChannelStatus.State;
import io.holdfast.api.exchange.SequenceRule;
import io.holdfast.client.exchange.Subscriptions.Batch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubscriptionsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Duration RETRY = Duration.ofSeconds(10);

    private final Subscriptions s = new Subscriptions(3, 1_000, RETRY, Integer.MAX_VALUE);
    private long now = 5;

    private static ChannelSpec spec(String name) {
        boolean mine = name.startsWith("user");
        return new ChannelSpec(name, mine ? 500 : 600, mine, Optional.empty(), Duration.ZERO);
    }

    private void want(String... names) {
        List.of(names).forEach(n -> s.want(spec(n), now));
    }

    private void accept(Batch batch) {
        s.answered(batch, batch.channels(), now);
    }

    @Test
    @DisplayName("private before public, in batches, one at a time")
    void batches() {
        want("a", "b", "user.x", "c", "d");
        s.loggedIn(true);
        Batch first = s.next(now);
        assertThat(first).isEqualTo(new Batch(true, 500, List.of("user.x")));
        assertThat(s.next(now)).isNull();
        accept(first);
        Batch second = s.next(now);
        assertThat(second.channels()).containsExactly("a", "b", "c");
        accept(second);
        assertThat(s.settled()).isFalse();
        accept(s.next(now));
        assertThat(s.settled()).isTrue();
        assertThat(s.next(now)).isNull();
        assertThat(s.acknowledged()).containsExactlyInAnyOrder("a", "b", "c", "d", "user.x");
    }

    @Test
    @DisplayName("no call is longer than the server takes")
    void bytes() {
        Subscriptions small = new Subscriptions(500, 100, RETRY, Integer.MAX_VALUE);
        for (int i = 0; i < 20; i++) {
            small.want(spec("channel" + (10 + i)), now);
        }
        Batch batch = small.next(now);
        assertThat(batch.channels()).hasSize(3);
    }

    @Test
    @DisplayName("a connection has no more channels than it may; one given back makes room for another")
    void mostChannels() {
        Subscriptions small = new Subscriptions(2, 1_000, RETRY, 3);
        List.of("a", "b", "c", "d", "e").forEach(n -> small.want(spec(n), now));
        for (int i = 0; i < 2; i++) {
            Batch batch = small.next(now);
            small.answered(batch, batch.channels(), now);
        }
        assertThat(small.next(now)).isNull();
        assertThat(small.acknowledged()).containsExactly("a", "b", "c");
        assertThat(small.state("d")).isEqualTo(State.REFUSED);
        assertThat(small.reason("e")).contains("at most 3");
        assertThat(small.settled()).isTrue();
        assertThat(small.nextDue(c -> Long.MIN_VALUE, 0, now))
                .as("nothing is due before there is room")
                .isEqualTo(Long.MAX_VALUE);
        small.unwant("b");
        Batch back = small.next(now);
        assertThat(back).isEqualTo(new Batch(false, 600, List.of("b")));
        small.answered(back, back.channels(), now);
        assertThat(small.next(now)).isEqualTo(new Batch(true, 600, List.of("d")));
        assertThat(small.state("e")).isEqualTo(State.REFUSED);
    }

    @Test
    @DisplayName("the server's list tells only of what was acknowledged before it was asked for")
    void listing() {
        want("a", "b", "c");
        accept(s.next(now));
        s.listing();
        s.unwant("b");
        accept(s.next(now));
        want("b", "d");
        accept(s.next(now));
        s.listed(List.of("a"), now);
        assertThat(s.state("a")).isEqualTo(State.ACKNOWLEDGED);
        assertThat(s.state("b")).as("given back and asked for again since").isEqualTo(State.ACKNOWLEDGED);
        assertThat(s.state("c")).isEqualTo(State.REFUSED);
        assertThat(s.state("d")).as("asked for since").isEqualTo(State.ACKNOWLEDGED);
        assertThat(s.reason("c")).contains("not in the server's list");
        now += RETRY.toNanos();
        assertThat(s.next(now).channels()).containsExactly("c");
    }

    @Test
    @DisplayName("what the address names is not asked for; what the list does not have is")
    void inUri() {
        want("a", "b", "c");
        s.inUri(List.of(spec("a"), spec("b"), spec("gone")), now);
        Batch back = s.next(now);
        assertThat(back).isEqualTo(new Batch(false, 600, List.of("gone")));
        accept(back);
        assertThat(s.state("gone")).isNull();
        assertThat(s.next(now).channels()).containsExactly("c");
        s.answered(new Batch(true, 600, List.of("c")), List.of("c"), now);
        assertThat(s.settled()).isTrue();
        s.listing();
        s.listed(List.of("a", "c"), now);
        now += RETRY.toNanos();
        assertThat(s.next(now)).isEqualTo(new Batch(true, 600, List.of("b")));
        s.unwant("a");
        s.answered(new Batch(true, 600, List.of("b")), List.of("b"), now);
        assertThat(s.next(now)).isEqualTo(new Batch(false, 600, List.of("a")));
    }

    @Test
    @DisplayName("a gap is healed by asking again only where that brings a snapshot")
    void gaps() {
        for (SequenceRule.Remedy remedy : SequenceRule.Remedy.values()) {
            SequenceRule rule = new SequenceRule("from", "to", 1, remedy);
            s.want(new ChannelSpec(remedy.name(), 600, false, Optional.of(rule), Duration.ZERO), now);
        }
        accept(s.next(now));
        s.gap("RESUBSCRIBE", "missing", now);
        s.gap("LISTENER", "missing", now);
        assertThat(s.next(now)).isEqualTo(new Batch(false, 600, List.of("RESUBSCRIBE")));
        assertThat(s.state("LISTENER")).isEqualTo(State.ACKNOWLEDGED);
    }

    @Test
    @DisplayName("without a log-in what needs one is refused here and not asked for; with one it is asked for")
    void needsLogIn() {
        want("user.x", "a");
        accept(s.next(now));
        assertThat(s.state("user.x")).isEqualTo(State.REFUSED);
        assertThat(s.settled()).isTrue();
        s.loggedIn(true);
        assertThat(s.next(now).channels()).containsExactly("user.x");
    }

    @Test
    @DisplayName(
            "given back before it is asked for after another log-in: given back at the server, which may still have it")
    void givenBackAfterAnotherLogIn() {
        want("user.a", "user.b", "user.c", "user.d");
        s.loggedIn(true);
        accept(s.next(now));
        accept(s.next(now));
        s.unwant("user.a");
        s.loggedInAgain(now);
        Batch again = s.next(now);
        assertThat(again).as("given back before it").isEqualTo(new Batch(false, 500, List.of("user.a")));
        s.unwant("user.d");
        accept(again);
        Batch back = s.next(now);
        assertThat(back).isEqualTo(new Batch(false, 500, List.of("user.d")));
        accept(back);
        assertThat(s.state("user.d")).isNull();
        accept(s.next(now));
        assertThat(s.acknowledged()).containsExactlyInAnyOrder("user.b", "user.c");
        assertThat(s.next(now)).isNull();
        s.unwant("user.b");
        assertThat(s.next(now)).isEqualTo(new Batch(false, 500, List.of("user.b")));
    }

    @Test
    @DisplayName(
            "given back after another log-in as it might be there, and the server says that it is not: not given back again")
    void notThereAfterAnotherLogIn() {
        want("user.a");
        s.loggedIn(true);
        accept(s.next(now));
        s.loggedInAgain(now);
        s.unwant("user.a");
        Batch back = s.next(now);
        assertThat(back).isEqualTo(new Batch(false, 500, List.of("user.a")));
        s.refused(back, "not subscribed", now);
        assertThat(s.state("user.a")).isNull();
        assertThat(s.next(now + Duration.ofHours(1).toNanos())).isNull();
    }

    @Test
    @DisplayName("what was left out is asked for again later, later each time")
    void leftOut() {
        want("a", "b");
        s.answered(s.next(now), List.of("b"), now);
        assertThat(s.state("a")).isEqualTo(State.REFUSED);
        assertThat(s.settled()).isTrue();
        long waited = 0;
        for (int i = 0; i < 8; i++) {
            long began = now;
            while (s.next(now) == null) {
                now += SECOND;
            }
            assertThat(now - began).isGreaterThanOrEqualTo(waited);
            waited = now - began;
            s.answered(new Batch(true, 600, List.of("a")), List.of(), now);
        }
        assertThat(waited).isBetween(320 * SECOND, 321 * SECOND);
    }

    @Test
    @DisplayName("a call refused as a whole is halved until the one that spoils it is found")
    void halved() {
        Subscriptions many = new Subscriptions(100, 100_000, RETRY, Integer.MAX_VALUE);
        for (int i = 0; i < 50; i++) {
            many.want(spec("c" + i), now);
        }
        int calls = 0;
        while (!many.settled()) {
            Batch batch = many.next(now);
            calls++;
            if (batch.channels().contains("c17")) {
                many.refused(batch, "spoilt", now);
            } else {
                many.answered(batch, batch.channels(), now);
            }
        }
        assertThat(many.state("c17")).isEqualTo(State.REFUSED);
        assertThat(many.reason("c17")).isEqualTo("spoilt");
        assertThat(many.acknowledged()).hasSize(49);
        assertThat(calls).isLessThan(30);
    }

    @Test
    @DisplayName("a renewal gives back and asks again, at once the first time, then paced")
    void renewed() {
        want("a");
        accept(s.next(now));
        s.renew("a", "gap", now);
        s.renew("a", "gap", now);
        Batch back = s.next(now);
        assertThat(back.subscribe()).isFalse();
        accept(back);
        accept(s.next(now));
        s.renew("a", "gap", now);
        assertThat(s.next(now)).isNull();
        now += RETRY.toNanos();
        assertThat(s.next(now).subscribe()).isFalse();
    }

    @Test
    @DisplayName("wanted again while it is given back: asked for once more")
    void wantedAgain() {
        want("a");
        accept(s.next(now));
        s.unwant("a");
        Batch back = s.next(now);
        s.want(spec("a"), now);
        accept(back);
        Batch again = s.next(now);
        assertThat(again).isEqualTo(new Batch(true, 600, List.of("a")));
        accept(again);
        assertThat(s.acknowledged()).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    @DisplayName("random: in the end the server has what is wanted, and nothing was asked for that it had")
    void random(long seed) {
        Random random = new Random(seed);
        Set<String> server = new TreeSet<>();
        Set<String> wanted = new TreeSet<>();
        s.loggedIn(true);
        List<String> doubled = new ArrayList<>();
        Batch underWay = null;
        for (int step = 0; step < 4_000; step++) {
            now += random.nextInt((int) SECOND);
            boolean calm = step > 3_000;
            String name = (random.nextBoolean() ? "user." : "c") + random.nextInt(8);
            int what = calm ? 9 : random.nextInt(10);
            if (what < 3) {
                wanted.add(name);
                s.want(spec(name), now);
            } else if (what < 5) {
                wanted.remove(name);
                s.unwant(name);
            } else if (what == 5) {
                s.renew(name, "gap", now);
            } else if (what == 6 && s.acknowledged().contains(name) && underWay == null) {
                server.remove(name);
                s.ended(List.of(name), "ended", now);
            }
            if (underWay == null) {
                underWay = s.next(now);
            } else if (random.nextInt(3) == 0) {
                Batch batch = underWay;
                underWay = null;
                boolean refuses = !calm && random.nextInt(5) == 0;
                if (refuses) {
                    s.refused(batch, "no", now);
                } else if (batch.subscribe()) {
                    batch.channels().stream().filter(c -> !server.add(c)).forEach(doubled::add);
                    s.answered(batch, batch.channels(), now);
                } else {
                    server.removeAll(batch.channels());
                    s.answered(batch, batch.channels(), now);
                }
            }
        }
        assertThat(doubled).isEmpty();
        assertThat(server).isEqualTo(wanted);
        assertThat(s.acknowledged()).containsExactlyInAnyOrderElementsOf(wanted);
    }
}
