// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.Continuity;
import io.holdfast.api.client.Continuity.Gap;
import io.holdfast.api.client.Continuity.Interrupted;
import io.holdfast.api.client.Continuity.Joined;
import io.holdfast.api.client.Continuity.Left;
import io.holdfast.api.client.Continuity.Resumed;
import io.holdfast.client.sim.VirtualEnvironment;
import io.holdfast.client.sim.VirtualEnvironment.Pool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Gaps of streams whose missing messages have no numbers of the client, told to a listener that cannot be told each event. */
class FoldedGapsTest {
    private static final Cause LOST = Cause.of(Cause.Kind.LOST, "gone");
    private static final Cause AGAIN = Cause.of(Cause.Kind.LOST, "gone again");
    private static final Cause CLOSED = Cause.of(Cause.Kind.LOCAL_CLOSE, "");
    private static final Optional<String> ID = Optional.of("book");
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final VirtualEnvironment env = new VirtualEnvironment(1);
    private final Bench bench = new Bench(env, false);
    private final Delivery delivery = bench.delivery;
    private final Recorder listener = new Recorder();

    @AfterEach
    void nothingIsLeft() {
        assertThat(listener.place.violations).isEmpty();
        bench.end(env);
    }

    private void gap(String stream, long from, long to, Cause cause) {
        delivery.inTurn(() -> delivery.gapNow(stream, from, to, cause));
    }

    private void toldSinceJoined(Continuity... events) {
        List<Continuity> told = new ArrayList<>(List.of(new Joined(0)));
        told.addAll(List.of(events));
        assertThat(listener.events()).containsExactlyElementsOf(told);
    }

    private void joins() {
        delivery.add(listener, ID);
        env.runUntilIdle();
    }

    private void leaves() {
        delivery.remove(listener);
        env.runUntilIdle();
    }

    private void isAwayForLong() {
        joins();
        leaves();
        env.runFor(Duration.ofSeconds(3));
    }

    private void returns() {
        delivery.add(new Recorder(listener.place, m -> {}), ID);
        env.runUntilIdle();
    }

    /** Two gaps of one stream with one of another in between, then an interruption; no message that the client counts. */
    private void losses() {
        gap("a", 20, 25, LOST);
        gap("b", 3, 4, LOST);
        gap("a", 31, 33, AGAIN);
        delivery.interrupted(1, LOST);
        delivery.resumed(2, SECOND);
    }

    @Test
    void whoReturnsLateIsToldOneGapOfEachStreamBeforeTheInterruption() {
        isAwayForLong();
        losses();
        returns();
        toldSinceJoined(
                new Gap("a", 20, 33, LOST),
                new Gap("b", 3, 4, LOST),
                new Interrupted(1, 0, LOST),
                new Resumed(2, SECOND));
    }

    @Test
    void whatCameBeforeAndAfterThePlaceWasForgottenIsOneGap() {
        joins();
        leaves();
        gap("a", 20, 25, LOST);
        env.runFor(Duration.ofSeconds(3));
        gap("b", 3, 4, LOST);
        gap("a", 11, 12, AGAIN);
        returns();
        toldSinceJoined(new Gap("a", 11, 25, LOST), new Gap("b", 3, 4, LOST));
    }

    @Test
    void whoReturnsInTimeIsToldEachEventInItsPlace() {
        joins();
        leaves();
        losses();
        returns();
        toldSinceJoined(
                new Gap("a", 20, 25, LOST),
                new Gap("b", 3, 4, LOST),
                new Gap("a", 31, 33, AGAIN),
                new Interrupted(1, 0, LOST),
                new Resumed(2, SECOND));
    }

    @Test
    void aClosingClientTellsThemBeforeItIsLeft() {
        joins();
        env.stall(Pool.DELIVERY, Duration.ofSeconds(10));
        losses();
        delivery.close(CLOSED);
        env.runFor(Duration.ofSeconds(11));
        toldSinceJoined(
                new Gap("a", 20, 33, LOST),
                new Gap("b", 3, 4, LOST),
                new Interrupted(1, 0, LOST),
                new Resumed(2, SECOND),
                new Left(CLOSED));
    }

    @Test
    void gapsWithoutNumberDoNotGrowWhatIsKept() {
        isAwayForLong();
        for (int i = 0; i < 10_000; i++) {
            gap("s" + i % 3, 10 * i, 10 * i + 5, LOST);
        }
        returns();
        toldSinceJoined(
                new Gap("s0", 0, 99_995, LOST), new Gap("s1", 10, 99_975, LOST), new Gap("s2", 20, 99_985, LOST));
    }
}
