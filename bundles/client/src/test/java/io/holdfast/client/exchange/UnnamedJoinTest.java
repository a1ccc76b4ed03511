// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.exchange.ChannelSpec;
import io.holdfast.api.exchange.ExchangeProfile;
import io.holdfast.api.exchange.ExchangeProfile.Acknowledgement;
import io.holdfast.api.exchange.ExchangeProfile.ChannelKey;
import io.holdfast.api.exchange.ExchangeProfile.Envelope;
import io.holdfast.api.exchange.FrameRule;
import io.holdfast.api.exchange.FrameRule.Kind;
import io.holdfast.client.delivery.Sieve;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Data that names no channel, such as the events of an account, while connection 2 replaces connection 1: what listeners get. */
class UnnamedJoinTest {
    private static final ExchangeProfile PROFILE = new ExchangeProfile(
            "test",
            new Envelope("{\"id\":\"${id}\"}", "", false),
            List.of(
                    new FrameRule("data", List.of("{\"event\":"), 16, Kind.DATA, false),
                    new FrameRule("stream", List.of("{\"stream\":"), 16, Kind.DATA, false)),
            Optional.of(new ChannelKey("{\"stream\":\"", 16)),
            Acknowledgement.ALL,
            1,
            1_000,
            List.of(),
            List.of(),
            Duration.ofSeconds(1));

    private static final class Nobody implements FrameTap.Owner {
        @Override
        public void frame(long connection, String text) {
            throw new AssertionError(text);
        }

        @Override
        public void gap(long connection, String channel, long from, long to) {
            throw new AssertionError(channel);
        }

        @Override
        public void jump(String channel, long from, long to) {
            throw new AssertionError(channel);
        }
    }

    private final Streams streams = new Streams();
    private final List<FrameTap> taps =
            List.of(new FrameTap(1, PROFILE, streams, new Nobody()), new FrameTap(2, PROFILE, streams, new Nobody()));
    private final List<String> shown = new ArrayList<>();

    @BeforeEach
    void joins() {
        streams.want(List.of(new ChannelSpec("trades", 600, false, Optional.empty(), Duration.ZERO)));
        streams.join(1, 2, streams.all());
    }

    private static String event(String text) {
        return "{\"event\":\"" + text + "\"}";
    }

    private static String text(Sieve.Held held) {
        return UTF_8.decode(held.payload().duplicate()).toString();
    }

    private void frame(long connection, String text) {
        FrameTap tap = taps.get((int) connection - 1);
        if (!tap.takes(ByteBuffer.wrap(text.getBytes(UTF_8)), 1)) {
            shown.add(text);
        }
        for (Sieve.Held h = tap.next(); h != null; h = tap.next()) {
            shown.add(text(h));
        }
    }

    private void brings(long connection, String... events) {
        for (String text : events) {
            frame(connection, event(text));
        }
    }

    private void takesOver() {
        streams.switched(streams.all());
    }

    private void oldEnds() {
        streams.parted(streams.all());
        for (Sieve.Held h = streams.nextReleased(); h != null; h = streams.nextReleased()) {
            shown.add(text(h));
        }
    }

    private void listenersGot(String... events) {
        assertThat(shown)
                .containsExactlyElementsOf(
                        List.of(events).stream().map(UnnamedJoinTest::event).toList());
    }

    private boolean oldIsNeeded() {
        return !streams.joined(List.of());
    }

    @Test
    @DisplayName("an event that the old connection brings late is not lost")
    void theOldOneIsLate() {
        brings(1, "a");
        brings(2, "a", "b");
        takesOver();
        assertThat(oldIsNeeded()).isTrue();
        brings(2, "c");
        brings(1, "b", "c");
        brings(2, "d");
        brings(1, "d");
        listenersGot("a", "b", "c", "d");
        assertThat(oldIsNeeded()).isFalse();
    }

    @Test
    @DisplayName("an event that the new connection brings late is not shown twice")
    void theNewOneIsLate() {
        brings(1, "a", "b");
        brings(2, "a");
        takesOver();
        assertThat(oldIsNeeded()).isTrue();
        brings(2, "b", "c");
        brings(1, "c");
        listenersGot("a", "b", "c");
    }

    @Test
    @DisplayName("the only event for a long time comes on the new one first, whoever brings the next")
    void theOldOneWasSilent() {
        brings(2, "a");
        takesOver();
        brings(2, "b");
        brings(1, "a", "b", "c");
        brings(2, "c");
        listenersGot("a", "b", "c");
    }

    @Test
    @DisplayName("the same, and the old connection ends before it has brought it")
    void theOldOneEndsSilent() {
        brings(2, "a");
        takesOver();
        oldEnds();
        brings(2, "b");
        listenersGot("a", "b");
    }

    @Test
    @DisplayName("the same, and the new one ends as well")
    void bothEnd() {
        brings(2, "a");
        takesOver();
        streams.lost(2, streams.all());
        brings(1, "a");
        oldEnds();
        listenersGot("a");
    }

    @Test
    @DisplayName("nothing of the new one is shown before it takes over, nor after it came to nothing")
    void theNewOneComesToNothing() {
        brings(1, "a");
        brings(2, "a", "b");
        oldEnds();
        brings(1, "b");
        listenersGot("a", "b");
        assertThat(streams.moved()).isZero();
    }

    @Test
    @DisplayName("where both have brought the same when the new one takes over, the old one is not waited for")
    void levelAtTheSwitch() {
        brings(1, "a");
        brings(2, "a");
        takesOver();
        assertThat(oldIsNeeded()).isFalse();
        brings(1, "b");
        brings(2, "b");
        listenersGot("a", "b");
        assertThat(streams.moved()).isEqualTo(1);
    }

    @Test
    @DisplayName("where nothing came nothing is waited for, nor counted")
    void nothingCame() {
        takesOver();
        assertThat(oldIsNeeded()).isFalse();
        oldEnds();
        assertThat(streams.moved()).as("the trades").isEqualTo(1);
        brings(2, "a");
        listenersGot("a");
    }

    @Test
    @DisplayName("other bytes on each connection: the new one's from its first on")
    void otherBytes() {
        brings(1, "a1");
        brings(2, "a2");
        takesOver();
        brings(1, "b1");
        brings(2, "c2");
        brings(1, "c1");
        brings(2, "d2");
        listenersGot("a1", "b1", "c2", "d2");
    }

    @Test
    @DisplayName("a channel that nobody wants switches with the connection")
    void aChannelNobodyWants() {
        String unwanted = "{\"stream\":\"unwanted\"}";
        frame(2, unwanted);
        frame(1, unwanted + "1");
        takesOver();
        frame(1, unwanted);
        frame(2, unwanted + "2");
        assertThat(shown).containsExactly(unwanted + "1", unwanted + "2");
        assertThat(oldIsNeeded()).isFalse();
    }

    @Test
    @DisplayName(
            "what no rule knows belongs to its connection: the new one's from when it takes over, the old one's to its end")
    void whatNoRuleKnows() {
        frame(1, "one");
        frame(2, "hidden");
        takesOver();
        frame(1, "two");
        frame(2, "three");
        assertThat(shown).containsExactly("one", "two", "three");
    }
}
