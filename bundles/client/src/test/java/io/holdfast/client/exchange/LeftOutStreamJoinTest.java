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
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Channels of which the new connection of a rotation brings too little, and channels that are given back meanwhile. */
class LeftOutStreamJoinTest {
    private final Streams streams = new Streams();

    @BeforeEach
    void oneConnectionReplacesAnother() {
        SequenceRule rule = new SequenceRule("\"prev\":", "\"id\":", 0);
        streams.want(List.of(
                new ChannelSpec("book", 600, false, Optional.of(rule), Duration.ZERO),
                new ChannelSpec("depth", 600, false, Optional.of(rule), Duration.ZERO),
                new ChannelSpec("trades", 600, false, Optional.empty(), Duration.ZERO)));
        assertThat(brings(1, "{\"id\":10}")).isEqualTo(Stream.Order.NEXT);
        streams.join(1, 2, streams.all());
    }

    private Stream.Order brings(long connection, String text) {
        return brings("book", connection, text);
    }

    private Stream.Order brings(String stream, long connection, String text) {
        return streams.offer(streams.get(stream), ByteBuffer.wrap(text.getBytes(UTF_8)), connection, 1);
    }

    private void isLeftOut() {
        streams.switched(streams.all());
        assertThat(streams.parted(streams.all())).as("nobody knows of any yet").isEmpty();
    }

    @Test
    @DisplayName("the snapshot of a channel that was left out is behind a gap, if the channel has moved on")
    void tellsWhatWasMissedWhileLeftOut() {
        isLeftOut();
        assertThat(brings(2, "{\"id\":30}")).isEqualTo(Stream.Order.JUMP);
        assertThat(streams.get("book").missingFrom()).isEqualTo(11);
        assertThat(streams.get("book").missingTo()).isEqualTo(30);
        assertThat(brings(2, "{\"prev\":30,\"id\":31}")).isEqualTo(Stream.Order.NEXT);
    }

    @Test
    @DisplayName("the snapshot of a channel that was left out and has not moved on is behind no gap")
    void tellsNothingWhereNothingWasMissed() {
        isLeftOut();
        assertThat(brings(2, "{\"id\":10}")).isEqualTo(Stream.Order.NEXT);
    }

    @Test
    @DisplayName(
            "a change of a channel that was quiet on the new connection is no beginning: what is missing is healed")
    void healsWhatAChangeShows() {
        isLeftOut();
        assertThat(brings(2, "{\"prev\":20,\"id\":21}")).isEqualTo(Stream.Order.GAP);
    }

    @Test
    @DisplayName("what was kept back of a channel that is given back leaves its room to the others")
    void leavesItsRoom() {
        brings("depth", 1, "{\"id\":10}");
        streams.switched(streams.all());
        String ahead = "{\"prev\":20,\"id\":21,\"pad\":\"" + "x".repeat(5 * 1024 * 1024) + "\"}";
        assertThat(brings(2, ahead)).as("kept back").isEqualTo(Stream.Order.OLD);
        streams.givenBack(List.of(streams.forget("book")));

        assertThat(brings("depth", 2, ahead)).as("kept back").isEqualTo(Stream.Order.OLD);
        assertThat(brings("depth", 1, "{\"prev\":10,\"id\":20}")).isEqualTo(Stream.Order.NEXT);
        assertThat(streams.nextHeld().payload().remaining()).isEqualTo(ahead.length());
    }

    @Test
    @DisplayName("what was kept back of a numbered channel that is given back is told as a gap")
    void tellsWhatWasKeptBack() {
        streams.switched(streams.all());
        assertThat(brings(2, "{\"prev\":20,\"id\":21}")).as("kept back").isEqualTo(Stream.Order.OLD);
        List<Stream> gone = List.of(streams.forget("book"));
        assertThat(streams.givenBack(gone)).containsExactly(new Streams.Lack("book", 11, 21));
        assertThat(streams.parted(streams.all())).as("told once").isEmpty();
    }

    @Test
    @DisplayName("nothing is told of a channel that is given back when nothing was kept back, or after the rotation")
    void tellsNothingOtherwise() {
        streams.switched(streams.all());
        assertThat(brings(2, "{\"prev\":10,\"id\":21}")).isEqualTo(Stream.Order.NEXT);
        assertThat(streams.givenBack(List.of(streams.forget("book")))).isEmpty();
        streams.parted(streams.all());
        assertThat(streams.givenBack(List.of(streams.forget("trades")))).isEmpty();
    }

    @Test
    @DisplayName("what was kept back of a channel without numbers that is given back is delivered")
    void releasesWhatWasKeptBack() {
        assertThat(brings("trades", 1, "a")).isEqualTo(Stream.Order.NEXT);
        assertThat(brings("trades", 2, "a")).isEqualTo(Stream.Order.OLD);
        assertThat(brings("trades", 2, "b")).isEqualTo(Stream.Order.OLD);
        streams.switched(streams.all());
        assertThat(brings("trades", 2, "c")).as("kept back").isEqualTo(Stream.Order.OLD);
        assertThat(streams.givenBack(List.of(streams.forget("trades")))).isEmpty();
        List<String> released = new ArrayList<>();
        for (Sieve.Held h = streams.nextReleased(); h != null; h = streams.nextReleased()) {
            released.add(UTF_8.decode(h.payload().duplicate()).toString());
        }
        assertThat(released).containsExactly("b", "c");
    }

    @Test
    @DisplayName("what is kept back behind a hole of its own is told when the old connection ends")
    void tellsWhatIsBehindAHole() {
        streams.switched(streams.all());
        assertThat(brings(2, "{\"prev\":12,\"id\":14}")).isEqualTo(Stream.Order.OLD);
        assertThat(brings(2, "{\"prev\":16,\"id\":17}")).isEqualTo(Stream.Order.OLD);
        assertThat(brings(1, "{\"prev\":10,\"id\":12}")).isEqualTo(Stream.Order.NEXT);
        assertThat(streams.nextHeld()).as("up to 14").isNotNull();
        assertThat(streams.nextHeld()).isNull();
        assertThat(streams.joined(List.of("book"))).isFalse();
        assertThat(streams.parted(streams.all())).containsExactly(new Streams.Lack("book", 15, 17));
    }

    private void isGivenBackAndWantedAgain(String name, Optional<SequenceRule> rule) {
        streams.switched(streams.all());
        streams.givenBack(List.of(streams.forget(name)));
        streams.want(List.of(new ChannelSpec(name, 600, false, rule, Duration.ZERO)));
    }

    @Test
    @DisplayName("a channel that is asked for again after the switch begins with the new connection's snapshot")
    void asksAgainOnTheNewOneOnly() {
        isGivenBackAndWantedAgain("book", Optional.of(new SequenceRule("\"prev\":", "\"id\":", 0)));
        assertThat(streams.joined(List.of("book")))
                .as("the old one is not waited for")
                .isTrue();
        assertThat(brings(1, "{\"prev\":10,\"id\":12}"))
                .as("nobody asked the old one again")
                .isEqualTo(Stream.Order.OLD);
        assertThat(brings(2, "{\"id\":11}")).as("snapshot").isEqualTo(Stream.Order.NEXT);
        assertThat(brings(1, "{\"prev\":12,\"id\":14}")).isEqualTo(Stream.Order.OLD);
        assertThat(brings(2, "{\"prev\":11,\"id\":12}")).isEqualTo(Stream.Order.NEXT);
        assertThat(streams.parted(streams.all())).isEmpty();
        assertThat(brings(2, "{\"prev\":12,\"id\":14}")).isEqualTo(Stream.Order.NEXT);
        assertThat(brings(2, "{\"prev\":16,\"id\":17}"))
                .as("its numbering is watched")
                .isEqualTo(Stream.Order.GAP);
    }

    @Test
    @DisplayName("the same of a channel without numbers, which did not go from one to the other")
    void asksAgainWithoutNumbers() {
        isGivenBackAndWantedAgain("trades", Optional.empty());
        long moved = streams.moved();
        assertThat(streams.joined(List.of("trades"))).isTrue();
        assertThat(brings("trades", 1, "a")).isEqualTo(Stream.Order.OLD);
        assertThat(brings("trades", 2, "a")).isEqualTo(Stream.Order.NEXT);
        assertThat(brings("trades", 1, "b")).isEqualTo(Stream.Order.OLD);
        streams.parted(List.of(streams.get("trades")));
        assertThat(brings("trades", 2, "b")).isEqualTo(Stream.Order.NEXT);
        assertThat(streams.moved()).isEqualTo(moved);
    }
}
