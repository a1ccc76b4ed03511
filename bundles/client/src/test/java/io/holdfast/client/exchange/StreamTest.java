// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.exchange.ChannelSpec;
import io.holdfast.api.exchange.SequenceRule;
import io.holdfast.client.exchange.Stream.Order;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class StreamTest {
    private static final SequenceRule PREVIOUS = new SequenceRule("\"prev_change_id\":", "\"change_id\":", 0);
    private static final SequenceRule RANGE = new SequenceRule("\"U\":", "\"u\":", 1);

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Order change(Stream s, long connection, long before, long now) {
        return s.offer(bytes("{\"change_id\": " + now + ",\"prev_change_id\":" + before + "}"), connection, 1);
    }

    private static Order snapshot(Stream s, long connection, long now) {
        return s.offer(bytes("{\"type\":\"snapshot\",\"change_id\":" + now + "}"), connection, 1);
    }

    @Test
    @DisplayName("by the number before: a gap is told once, until a snapshot")
    void previous() {
        Stream s = new Stream("b", PREVIOUS);
        assertThat(snapshot(s, 1, 100)).isEqualTo(Order.NEXT);
        assertThat(change(s, 1, 100, 107)).isEqualTo(Order.NEXT);
        assertThat(change(s, 1, 107, 108)).isEqualTo(Order.NEXT);
        assertThat(change(s, 1, 107, 108)).isEqualTo(Order.OLD);
        assertThat(change(s, 1, 120, 130)).isEqualTo(Order.GAP);
        assertThat(s.missingFrom()).isEqualTo(109);
        assertThat(s.missingTo()).isEqualTo(120);
        assertThat(change(s, 1, 140, 150)).as("told already").isEqualTo(Order.NEXT);
        assertThat(snapshot(s, 1, 160)).isEqualTo(Order.NEXT);
        assertThat(change(s, 1, 161, 170)).isEqualTo(Order.GAP);
        assertThat(s.gaps()).isEqualTo(2);
        assertThat(s.old()).isEqualTo(1);
    }

    @Test
    @DisplayName("another connection begins anew")
    void beginsAnew() {
        Stream s = new Stream("b", PREVIOUS);
        change(s, 1, 100, 107);
        assertThat(change(s, 2, 500, 507)).isEqualTo(Order.NEXT);
        assertThat(change(s, 2, 506, 508)).isEqualTo(Order.GAP);
    }

    @Test
    @DisplayName("a channel that was away for a while: what is missing before its snapshot is told, and healed by it")
    void comesAgain() {
        Stream s = new Stream("b", PREVIOUS);
        change(s, 1, 100, 107);
        s.beginAnew();
        assertThat(snapshot(s, 1, 120)).isEqualTo(Order.JUMP);
        assertThat(s.missingFrom()).isEqualTo(108);
        assertThat(s.missingTo()).isEqualTo(120);
        assertThat(change(s, 1, 120, 121)).isEqualTo(Order.NEXT);
        assertThat(change(s, 1, 122, 123)).as("it is not waiting for a remedy").isEqualTo(Order.GAP);
        assertThat(s.gaps()).isEqualTo(2);
    }

    @Test
    @DisplayName("a channel that was away for a while, without snapshots")
    void comesAgainWithAChange() {
        Stream s = new Stream("b", PREVIOUS);
        change(s, 1, 100, 107);
        s.beginAnew();
        assertThat(change(s, 1, 107, 109)).as("nothing is missing").isEqualTo(Order.NEXT);
        s.beginAnew();
        assertThat(change(s, 1, 600, 607)).isEqualTo(Order.JUMP);
        assertThat(s.missingFrom()).isEqualTo(110);
        assertThat(s.missingTo()).isEqualTo(600);
    }

    @Test
    @DisplayName(
            "a snapshot before which nothing is missing, or which heals a gap that was told, or which nobody asked for, is no gap")
    void noJump() {
        Stream s = new Stream("b", PREVIOUS);
        change(s, 1, 100, 107);
        s.beginAnew();
        assertThat(snapshot(s, 1, 107)).isEqualTo(Order.NEXT);
        assertThat(change(s, 1, 110, 111)).isEqualTo(Order.GAP);
        s.beginAnew();
        assertThat(snapshot(s, 1, 130)).isEqualTo(Order.NEXT);
        assertThat(snapshot(s, 1, 140)).isEqualTo(Order.NEXT);
        assertThat(s.gaps()).isEqualTo(1);
    }

    @Test
    @DisplayName("by ranges: the next number, an overlap, an old one, a gap")
    void ranges() {
        Stream s = new Stream("d", RANGE);
        assertThat(s.offer(bytes("{\"U\":1,\"u\":5}"), 1, 1)).isEqualTo(Order.NEXT);
        assertThat(s.offer(bytes("{\"U\":6,\"u\":9}"), 1, 1)).isEqualTo(Order.NEXT);
        assertThat(s.offer(bytes("{\"U\":8,\"u\":11}"), 1, 1)).isEqualTo(Order.NEXT);
        assertThat(s.offer(bytes("{\"U\":8,\"u\":11}"), 1, 1)).isEqualTo(Order.OLD);
        assertThat(s.offer(bytes("{\"U\":14,\"u\":15}"), 1, 1)).isEqualTo(Order.GAP);
        assertThat(s.missingFrom()).isEqualTo(12);
        assertThat(s.missingTo()).isEqualTo(13);
    }

    @Test
    @DisplayName("where asking again heals nothing each gap is told, and the numbering goes on behind it")
    void gapsForTheListener() {
        Stream s = new Stream("d", new SequenceRule("\"pu\":", "\"u\":", 0, SequenceRule.Remedy.LISTENER));
        assertThat(s.offer(bytes("{\"U\":1,\"u\":5,\"pu\":0}"), 1, 1)).isEqualTo(Order.NEXT);
        assertThat(s.offer(bytes("{\"U\":8,\"u\":9,\"pu\":7}"), 1, 1)).isEqualTo(Order.GAP);
        assertThat(s.missingFrom()).isEqualTo(6);
        assertThat(s.missingTo()).isEqualTo(7);
        assertThat(s.offer(bytes("{\"U\":10,\"u\":12,\"pu\":9}"), 1, 1)).isEqualTo(Order.NEXT);
        assertThat(s.offer(bytes("{\"U\":20,\"u\":22,\"pu\":19}"), 1, 1)).isEqualTo(Order.GAP);
        assertThat(s.gaps()).isEqualTo(2);
    }

    @Test
    @DisplayName("numbers above 2^53 count, those above 2^63 and anything else are no numbers")
    void numbers() {
        assertThat(Bytes.number(bytes("\"n\":9007199254740993,"), "\"n\":".getBytes()))
                .isEqualTo(9007199254740993L);
        assertThat(Bytes.number(bytes("\"n\":9223372036854775807"), "\"n\":".getBytes()))
                .isEqualTo(Long.MAX_VALUE);
        assertThat(Bytes.number(bytes("\"n\":9223372036854775808"), "\"n\":".getBytes()))
                .isEqualTo(Long.MIN_VALUE);
        assertThat(Bytes.number(bytes("\"n\":null"), "\"n\":".getBytes())).isEqualTo(Long.MIN_VALUE);
        assertThat(Bytes.number(bytes("\"n\":"), "\"n\":".getBytes())).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    @DisplayName("times are those of the connection that is asked for")
    void times() {
        Stream s = new Stream("b", null);
        assertThat(s.lastAt()).isEqualTo(Long.MIN_VALUE);
        s.offer(bytes("{}"), 3, 42);
        assertThat(s.lastOn(3)).isEqualTo(42);
        assertThat(s.lastOn(4)).isEqualTo(Long.MIN_VALUE);
        assertThat(s.lastAt()).isEqualTo(42);
    }

    @Test
    @DisplayName("each of thousands of names is found, and no other")
    void table() {
        Streams streams = new Streams();
        List<String> names = IntStream.range(0, 3_000)
                .mapToObj(i -> "ticker.X" + i + ".100ms")
                .toList();
        streams.want(names.stream()
                .map(n -> new ChannelSpec(n, 600, false, Optional.empty(), Duration.ZERO))
                .toList());
        for (String name : names) {
            ByteBuffer frame = bytes("{\"channel\":\"" + name + "\",\"data\":1}");
            int from = Bytes.after(frame, 100, "\"channel\":\"".getBytes());
            assertThat(streams.find(frame, from, Bytes.quote(frame, from)).name())
                    .isEqualTo(name);
        }
        streams.forget("ticker.X7.100ms");
        ByteBuffer gone = bytes("ticker.X7.100ms");
        assertThat(streams.find(gone, 0, gone.limit())).isNull();
        assertThat(new Streams().find(gone, 0, gone.limit())).isNull();
    }
}
