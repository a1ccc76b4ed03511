// SPDX-License-Identifier: Apache-2.0
package io.holdfast.exchange.binance.depth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.exchange.binance.depth.DepthJoin.Verdict;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The documented rules, one by one. */
class DepthJoinTest {
    private final DepthJoin join = new DepthJoin(100);

    private static DepthUpdate spot(long first, long last) {
        return future(first, last, DepthUpdate.NONE);
    }

    private static DepthUpdate future(long first, long last, long previous) {
        return new DepthUpdate("btcusdt@depth", "BTCUSDT", first, last, previous, List.of(), List.of());
    }

    private static DepthSnapshot snapshot(long id) {
        return new DepthSnapshot(id, List.of(), List.of());
    }

    @ParameterizedTest(name = "snapshot {0}: {1}")
    @CsvSource({
        "98, ASK_SNAPSHOT", // ends before the first change held
        "99, APPLY", // the first change held is the next
        "100, APPLY", // within the first change
        "102, APPLY", // the end of the first change: it is in the snapshot, the second is the next
        "104, APPLY",
        "105, APPLY", // all that is held is in it
        "200, APPLY" // ahead of the stream
    })
    void aSpotSnapshotMustReachTheFirstChange(long id, Verdict expected) {
        assertThat(join.update(spot(100, 102))).isEqualTo(Verdict.ASK_SNAPSHOT);
        assertThat(join.update(spot(103, 105))).isEqualTo(Verdict.HOLD);
        assertThat(join.snapshot(snapshot(id))).isEqualTo(expected);
        assertThat(join.joined()).isEqualTo(expected == Verdict.APPLY);
        if (join.joined()) {
            assertThat(join.position()).isEqualTo(Math.max(id, 105));
            assertThat(join.held()).hasSize(id < 102 ? 2 : id < 105 ? 1 : 0);
        }
    }

    @ParameterizedTest(name = "snapshot {0}: {1}")
    @CsvSource({
        "89, ASK_SNAPSHOT",
        "90, APPLY", // pu: nothing of this book is between pu and U
        "99, APPLY",
        "100, APPLY",
        "110, APPLY",
        "115, APPLY", // between two messages
        "125, APPLY",
        "500, APPLY"
    })
    void aFuturesSnapshotMustReachTheFirstChange(long id, Verdict expected) {
        assertThat(join.update(future(100, 110, 90))).isEqualTo(Verdict.ASK_SNAPSHOT);
        assertThat(join.update(future(120, 125, 110))).isEqualTo(Verdict.HOLD);
        assertThat(join.snapshot(snapshot(id))).isEqualTo(expected);
        assertThat(join.joined()).isEqualTo(expected == Verdict.APPLY);
    }

    private void joinedAt(DepthUpdate first, long id) {
        join.update(first);
        assertThat(join.snapshot(snapshot(id))).isEqualTo(Verdict.APPLY);
        join.held();
    }

    @Test
    @DisplayName("spot: the next, an overlapping and an old change; a hole asks, once")
    void spotGoesOn() {
        joinedAt(spot(100, 102), 101);
        assertThat(join.update(spot(103, 105))).isEqualTo(Verdict.APPLY);
        assertThat(join.update(spot(103, 105))).isEqualTo(Verdict.DROP);
        assertThat(join.update(spot(104, 107))).isEqualTo(Verdict.APPLY);
        assertThat(join.update(spot(109, 110))).isEqualTo(Verdict.ASK_SNAPSHOT);
        assertThat(join.joined()).isFalse();
        assertThat(join.update(spot(111, 112))).isEqualTo(Verdict.HOLD);
        assertThat(join.snapshot(snapshot(107))).isEqualTo(Verdict.ASK_SNAPSHOT);
        assertThat(join.update(spot(113, 113))).isEqualTo(Verdict.HOLD);
        assertThat(join.snapshot(snapshot(108))).isEqualTo(Verdict.APPLY);
        assertThat(join.held()).hasSize(3);
        assertThat(join.position()).isEqualTo(113);
    }

    @Test
    @DisplayName("futures: pu must be the last u; the first after a snapshot may overlap with it")
    void futuresGoOn() {
        joinedAt(future(100, 110, 90), 200);
        assertThat(join.update(future(120, 150, 110))).isEqualTo(Verdict.DROP);
        assertThat(join.update(future(160, 205, 150))).isEqualTo(Verdict.APPLY);
        assertThat(join.update(future(230, 240, 205))).isEqualTo(Verdict.APPLY);
        assertThat(join.update(future(230, 240, 205))).isEqualTo(Verdict.DROP);
        assertThat(join.update(future(235, 250, 230))).isEqualTo(Verdict.ASK_SNAPSHOT);
    }

    @Test
    @DisplayName("a hole among the changes that wait: the snapshot must have it")
    void aHoleWhileWaiting() {
        join.update(spot(100, 102));
        assertThat(join.update(spot(106, 107))).isEqualTo(Verdict.HOLD);
        assertThat(join.update(spot(103, 105))).as("too late").isEqualTo(Verdict.DROP);
        assertThat(join.snapshot(snapshot(104))).isEqualTo(Verdict.ASK_SNAPSHOT);
        assertThat(join.snapshot(snapshot(105))).isEqualTo(Verdict.APPLY);
    }

    @Test
    @DisplayName(
            "after a failed call the next change asks; a snapshot nobody waits for, or older than a loss, is dropped")
    void failuresAndLosses() {
        assertThat(join.snapshot(snapshot(5))).isEqualTo(Verdict.DROP);
        join.update(spot(100, 102));
        join.failed();
        assertThat(join.update(spot(103, 105))).isEqualTo(Verdict.ASK_SNAPSHOT);
        join.lost();
        assertThat(join.snapshot(snapshot(105))).isEqualTo(Verdict.DROP);
        assertThat(join.update(spot(109, 110))).isEqualTo(Verdict.ASK_SNAPSHOT);
        assertThat(join.snapshot(snapshot(110))).isEqualTo(Verdict.APPLY);
    }

    @Test
    @DisplayName("what is held is bounded: the oldest go, and the snapshot must be newer")
    void bounded() {
        for (int i = 0; i < 1_000; i++) {
            join.update(spot(i, i));
        }
        assertThat(join.snapshot(snapshot(898))).isEqualTo(Verdict.ASK_SNAPSHOT);
        assertThat(join.snapshot(snapshot(899))).isEqualTo(Verdict.APPLY);
        assertThat(join.held()).hasSize(100);
    }

    @Test
    @DisplayName("messages are read with all their digits")
    void digits() {
        DepthUpdate update = DepthUpdate.parse(
                "{\"stream\":\"btcusdt@depth@100ms\",\"data\":{\"e\":\"depthUpdate\",\"E\":1,\"T\":2,\"s\":\"BTCUSDT\","
                        + "\"U\":9007199254740993,\"u\":9007199254740995,\"pu\":9007199254740990,"
                        + "\"b\":[[\"0.00100000\",\"1.10\",[]]],\"a\":[[1.2300,\"0.00000000\"]]}}");
        assertThat(update.first()).isEqualTo(9007199254740993L);
        assertThat(update.follows()).isEqualTo(9007199254740990L);
        assertThat(update.bids().get(0).price()).hasToString("0.00100000");
        assertThat(update.asks().get(0).price()).hasToString("1.2300");
        DepthSnapshot snapshot = DepthSnapshot.parse(
                "{\"lastUpdateId\":9007199254740993,\"E\":1,\"bids\":[[\"0.10\",\"2.00\"]],\"asks\":[]}");
        assertThat(snapshot.lastUpdateId()).isEqualTo(9007199254740993L);
        DepthBook book = new DepthBook("s", "S");
        book.apply(snapshot);
        assertThat(book.bids().firstEntry().getValue()).hasToString("2.00");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"stream\":\"a@depth\"}",
                "{\"stream\":\"a@depth\",\"data\":[]}",
                "{\"stream\":\"a@depth\",\"data\":{\"s\":\"A\",\"U\":2,\"u\":1}}",
                "{\"stream\":\"a@depth\",\"data\":{\"s\":\"A\",\"U\":-2,\"u\":1}}",
                "{\"stream\":\"a@depth\",\"data\":{\"s\":\"A\",\"U\":1.5,\"u\":2}}",
                "{\"stream\":\"a@depth\",\"data\":{\"s\":\"A\",\"U\":1,\"u\":2,\"b\":[[\"x\",\"1\"]]}}",
                "{\"stream\":\"a@depth\",\"data\":{\"s\":\"A\",\"U\":1,\"u\":2,\"b\":[[\"1\"]]}}",
                "{\"stream\":\"a@depth\",\"data\":{\"s\":\"A\",\"U\":1,\"u\":2}} x",
                "{\"stream\":\"a@depth\",\"data\":{\"s\":\"A\",\"U\":1,\"u\":2"
            })
    void whatIsNoUpdateIsRefusedWithoutAWordOfIt(String frame) {
        assertThatThrownBy(() -> DepthUpdate.parse(frame))
                .isInstanceOf(IllegalArgumentException.class)
                .hasNoCause();
        assertThatThrownBy(() -> DepthSnapshot.parse(frame))
                .isInstanceOf(IllegalArgumentException.class)
                .hasNoCause();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            value = {
                "'{\"stream\":\"btcusdt@depth\",', true",
                "'{\"stream\":\"btcusdt@depth@100ms\",', true",
                "'{\"stream\":\"btcusdt@depth20\",', false",
                "'{\"stream\":\"btcusdt@depth5@100ms\",', false",
                "'{\"stream\":\"btcusdt@aggTrade\",', false",
                "'{\"stream\":\"btcusdt@depth', false",
                "'{\"result\":null,\"id\":1}', false",
                "'', false"
            })
    void changesAreToldByTheStreamsName(String frame, boolean expected) {
        byte[] bytes = ("xx" + frame).getBytes(StandardCharsets.US_ASCII);
        ByteBuffer within = ByteBuffer.wrap(bytes, 2, bytes.length - 2);
        assertThat(DepthFrames.isUpdate(within)).isEqualTo(expected);
    }

    @Test
    @DisplayName("snapshots: so many at once, in order, each again after a pause that doubles")
    void turns() {
        SnapshotTurns turns = new SnapshotTurns(2);
        long second = 1_000_000_000L;
        List.of("a", "b", "c").forEach(turns::want);
        assertThat(turns.next(0)).contains("a");
        assertThat(turns.next(0)).contains("b");
        assertThat(turns.next(0)).isEmpty();
        turns.ended("a");
        turns.want("a");
        assertThat(turns.next(0)).contains("c");
        turns.ended("b");
        turns.ended("c");
        assertThat(turns.next(second - 1)).isEmpty();
        long now = second;
        long pause = 1;
        for (int i = 0; i < 10; i++) {
            assertThat(turns.next(now)).contains("a");
            turns.ended("a");
            turns.want("a");
            pause = Math.min(60, pause * 2);
            assertThat(turns.next(now + pause * second - 1)).isEmpty();
            now += pause * second;
        }
        assertThat(turns.next(now + 120 * second)).contains("a");
        turns.ended("a");
        turns.want("a");
        assertThat(turns.next(now + 121 * second))
                .as("quiet for long: from the beginning")
                .contains("a");
    }
}
