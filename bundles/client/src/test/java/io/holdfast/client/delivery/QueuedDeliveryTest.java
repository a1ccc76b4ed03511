// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.Continuity.Gap;
import io.holdfast.api.client.Continuity.Interrupted;
import io.holdfast.api.client.Continuity.Joined;
import io.holdfast.api.client.Continuity.Left;
import io.holdfast.api.client.Continuity.Resumed;
import io.holdfast.api.client.Message;
import io.holdfast.api.client.OverflowPolicy.Kind;
import io.holdfast.client.sim.VirtualEnvironment;
import io.holdfast.client.sim.VirtualEnvironment.Pool;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueuedDeliveryTest {
    private static final Cause LOST = Cause.of(Cause.Kind.LOST, "gone");
    private static final Cause CLOSED = Cause.of(Cause.Kind.LOCAL_CLOSE, "");
    private static final Optional<String> NO_ID = Optional.empty();

    private final VirtualEnvironment env = new VirtualEnvironment(1);
    private final Bench bench = new Bench(env, false);
    private final Delivery delivery = bench.delivery;
    private final Recorder listener = new Recorder();

    @AfterEach
    void invariantsHeld() {
        assertThat(listener.place.violations).isEmpty();
        bench.end(env);
    }

    private void add(Recorder recorder) {
        delivery.add(recorder, NO_ID);
        env.runUntilIdle();
    }

    @Test
    void messagesComeInOrderWithTheirFacts() {
        List<String> seen = new ArrayList<>();
        delivery.add(
                new Recorder(
                        listener.place,
                        m -> seen.add(m.sequence() + " " + m.connection() + " " + m.receivedNanos() + " " + m.isText()
                                + " " + m.text())),
                NO_ID);
        delivery.deliver(true, ByteBuffer.wrap(Recorder.payload(11, 3)), 11, 5);
        delivery.deliver(true, ByteBuffer.wrap(Recorder.payload(12, 3)).asReadOnlyBuffer(), 12, 5);
        delivery.deliver(
                true, ByteBuffer.allocateDirect(3).put(Recorder.payload(13, 3)).flip(), 13, 6);
        env.runUntilIdle();
        assertThat(seen).containsExactly("1 5 11 true lmn", "2 5 12 true mno", "3 6 13 true nop");
        assertThat(listener.events()).containsExactly(new Joined(0));
        assertThat(delivery.messages()).isEqualTo(3);
        assertThat(delivery.bytes()).isEqualTo(9);
        assertThat(delivery.lastMessageNanos()).isEqualTo(13);
        assertThat(delivery.queued()).isZero();
    }

    @Test
    void payloadIsCopiedAndLeftAsItWas() {
        add(listener);
        byte[] array = new byte[100];
        System.arraycopy(Recorder.payload(1, 10), 0, array, 40, 10);
        ByteBuffer payload = ByteBuffer.wrap(array, 40, 10);
        delivery.deliver(true, payload, 1, 1);
        assertThat(payload.position()).isEqualTo(40);
        assertThat(payload.remaining()).isEqualTo(10);
        java.util.Arrays.fill(array, (byte) 0);
        env.runUntilIdle();
        assertThat(listener.delivered()).isEqualTo(1);
    }

    @Test
    void messageIsReusedValidUntilReturnAndReadOnly() {
        List<Message> kept = new ArrayList<>();
        delivery.add(
                new Recorder(listener.place, m -> {
                    kept.add(m);
                    assertThat(m.bytes()).isSameAs(m.bytes());
                    assertThat(m.bytes().isReadOnly()).isTrue();
                    assertThat(m.text()).isSameAs(m.text());
                }),
                NO_ID);
        bench.messages(1, 2);
        env.runUntilIdle();
        assertThat(bench.faults).isEmpty();
        assertThat(kept).hasSize(2);
        assertThat(kept.get(0)).isSameAs(kept.get(1));
        assertThatThrownBy(() -> kept.get(0).sequence())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("until onMessage returned");
        assertThatThrownBy(() -> kept.get(0).bytes()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void textOfBinaryIsRefusedAndTextIsUtf8() {
        List<String> seen = new ArrayList<>();
        delivery.add(
                new io.holdfast.api.client.MessageListener() {
                    @Override
                    public void onMessage(Message m) {
                        if (m.isText()) {
                            seen.add(m.text());
                        } else {
                            assertThatThrownBy(m::text)
                                    .isInstanceOf(IllegalStateException.class)
                                    .hasMessageContaining("binary");
                            seen.add("binary");
                        }
                    }
                },
                NO_ID);
        bench.text(1, "caf\u00e9 \u20ac \ud83d\ude00".getBytes(StandardCharsets.UTF_8));
        delivery.deliver(false, ByteBuffer.wrap(new byte[] {1, 2}), 1, 1);
        bench.text(1, new byte[0]);
        env.runUntilIdle();
        assertThat(seen).containsExactly("caf\u00e9 \u20ac \ud83d\ude00", "binary", "");
    }

    @Test
    void lateListenerJoinsWhereItIs() {
        bench.messages(1, 3);
        add(listener);
        bench.messages(1, 2);
        env.runUntilIdle();
        assertThat(listener.events()).containsExactly(new Joined(3));
        assertThat(listener.delivered()).isEqualTo(2);
        assertThat(delivery.dropped()).as("nobody was there").isEqualTo(3);
    }

    @Test // N20
    void withoutListenersMessagesAreCountedAndNotKept() {
        bench.messages(1, 100_000);
        assertThat(delivery.dropped()).isEqualTo(100_000);
        assertThat(delivery.queued()).isZero();
        assertThat(delivery.capacity()).isZero();
        assertThat(env.pendingTimers()).isZero();
    }

    @Test
    void eventsComeInPlace() {
        add(listener);
        bench.messages(1, 2);
        delivery.interrupted(1, LOST);
        assertThat(bench.message(1, 5))
                .as("late data of the lost connection is ignored")
                .isTrue();
        delivery.resumed(2, Duration.ofSeconds(1));
        delivery.inTurn(() -> delivery.gapNow("book", 5, 6, LOST));
        bench.messages(2, 1);
        env.runUntilIdle();
        assertThat(listener.events())
                .containsExactly(
                        new Joined(0),
                        new Interrupted(1, 2, LOST),
                        new Resumed(2, Duration.ofSeconds(1)),
                        new Gap("book", 5, 6, LOST));
        assertThat(listener.delivered()).isEqualTo(3);
        assertThat(delivery.messages()).isEqualTo(3);
    }

    @Test // N14
    void throwingListenerIsCountedAndGoesOn() {
        delivery.add(
                new Recorder(listener.place, m -> {
                    if (m.sequence() == 1) {
                        throw new IllegalStateException("bad\nline");
                    } else if (m.sequence() == 2) {
                        throw new NoClassDefFoundError("x/Y");
                    } else if (m.sequence() == 3) {
                        throw new StackOverflowError();
                    }
                }),
                NO_ID);
        for (int i = 0; i < 4; i++) {
            bench.messages(1, 1);
            env.runFor(Duration.ofSeconds(2));
        }
        assertThat(listener.delivered()).isEqualTo(4);
        assertThat(delivery.faults()).isEqualTo(3);
        assertThat(bench.faults).hasSize(3);
        assertThat(bench.faults.get(0))
                .contains("IllegalStateException: bad\\u000aline")
                .contains("Recorder")
                .contains("at ");
    }

    @Test
    void faultsAreAllCountedButDescribedOncePerSecond() {
        delivery.add(
                new Recorder(listener.place, m -> {
                    throw new IllegalStateException("no");
                }),
                NO_ID);
        bench.policy = Bench.policy(Kind.DISCONNECT, 10_000, 1 << 20);
        bench.messages(1, 5_000);
        env.runUntilIdle();
        env.runFor(Duration.ofSeconds(1));
        bench.messages(1, 1);
        env.runUntilIdle();
        assertThat(delivery.faults()).isEqualTo(5_001);
        assertThat(bench.faults).hasSize(2);
        assertThat(bench.faults.get(1)).contains("4999 more");
    }

    @Test
    void overflowDisconnectTellsTheGapAtTheInterruption() {
        bench.policy = Bench.policy(Kind.DISCONNECT, 10, 1 << 20);
        add(listener);
        bench.messages(1, 15);
        assertThat(bench.overflows)
                .hasSize(1)
                .first()
                .asString()
                .contains("c1")
                .contains("Recorder")
                .contains("10 messages");
        assertThat(delivery.queued()).isEqualTo(10);
        env.runUntilIdle();
        bench.messages(1, 2);
        env.runUntilIdle();
        assertThat(listener.delivered()).as("nothing more of this connection").isEqualTo(10);
        delivery.interrupted(1, LOST);
        delivery.resumed(2, Duration.ofSeconds(1));
        bench.messages(2, 3);
        env.runUntilIdle();
        assertThat(listener.delivered()).isEqualTo(13);
        assertThat(listener.events()).hasSize(4);
        Gap gap = (Gap) listener.events().get(1);
        assertThat(gap.from()).isEqualTo(11);
        assertThat(gap.to()).isEqualTo(17);
        assertThat(gap.cause().kind()).isEqualTo(Cause.Kind.SLOW_CONSUMER);
        assertThat(listener.events().get(2)).isEqualTo(new Interrupted(1, 17, LOST));
        assertThat(delivery.dropped()).isEqualTo(7);
        assertThat(bench.overflows).hasSize(1);
    }

    @Test
    void overflowByBytes() {
        bench.policy = Bench.policy(Kind.DISCONNECT, 1000, 1000);
        add(listener);
        bench.message(1, 600);
        bench.message(1, 400);
        assertThat(bench.overflows).isEmpty();
        bench.message(1, 1);
        assertThat(bench.overflows).hasSize(1);
    }

    @Test
    void emptyQueueTakesAnyMessage() {
        bench.policy = Bench.policy(Kind.DISCONNECT, 10, 1000);
        add(listener);
        bench.message(1, 5_000_000);
        env.runUntilIdle();
        assertThat(listener.delivered()).isEqualTo(1);
        assertThat(bench.overflows).isEmpty();
    }

    @Test
    void stillFullOnTheNextConnectionOverflowsAgain() {
        bench.policy = Bench.policy(Kind.DISCONNECT, 10, 1 << 20);
        add(listener);
        env.stall(Pool.DELIVERY, Duration.ofSeconds(60));
        bench.messages(1, 11);
        delivery.interrupted(1, LOST);
        bench.messages(2, 1);
        assertThat(bench.overflows).as("told already, until resumed").hasSize(1);
        delivery.resumed(2, Duration.ofSeconds(1));
        assertThat(bench.overflows).hasSize(2);
        delivery.interrupted(2, LOST);
        env.runFor(Duration.ofSeconds(61));
        delivery.resumed(3, Duration.ofSeconds(1));
        bench.messages(3, 1);
        env.runUntilIdle();
        assertThat(listener.delivered()).isEqualTo(11);
        assertThat(listener.place.missing).isEqualTo(2);
    }

    @Test
    void dropOldestReportsEachHole() {
        bench.policy = Bench.policy(Kind.DROP_OLDEST, 10, 1 << 20);
        add(listener);
        bench.messages(1, 25);
        env.runUntilIdle();
        assertThat(listener.delivered()).isEqualTo(10);
        bench.messages(1, 12);
        delivery.interrupted(1, LOST);
        bench.messages(2, 9);
        env.runUntilIdle();
        assertThat(delivery.dropped()).isEqualTo(15 + 11);
        assertThat(listener.place.missing).isEqualTo(15 + 11);
        assertThat(listener.place.next).isEqualTo(delivery.messages() + 1);
        assertThat(listener.events().stream()
                        .filter(Gap.class::isInstance)
                        .map(Gap.class::cast)
                        .map(g -> g.from() + "-" + g.to()))
                .containsExactly("1-15", "26-36");
        assertThat(bench.overflows).isEmpty();
    }

    @Test
    void dropOldestOverAnInterruptionSplitsTheHole() {
        bench.policy = Bench.policy(Kind.DROP_OLDEST, 5, 1 << 20);
        add(listener);
        bench.messages(1, 8);
        delivery.interrupted(1, LOST);
        bench.messages(2, 7);
        env.runUntilIdle();
        assertThat(listener.events().stream()
                        .map(e -> e instanceof Gap g
                                ? g.from() + "-" + g.to()
                                : e.getClass().getSimpleName()))
                .containsExactly("Joined", "1-8", "Interrupted", "9-10");
        assertThat(listener.delivered()).isEqualTo(5);
    }

    @Test
    void blockStopsReadingUntilHalfIsFree() {
        bench.policy = Bench.policy(Kind.BLOCK, 10, 1 << 20);
        List<Long> demandsSeen = new ArrayList<>();
        delivery.add(new Recorder(listener.place, m -> demandsSeen.add((long) bench.demands.size())), NO_ID);
        env.runUntilIdle();
        for (int i = 0; i < 9; i++) {
            assertThat(bench.message(1, 20)).isTrue();
        }
        assertThat(bench.message(1, 20)).isFalse();
        assertThat(bench.demands).isEmpty();
        env.runUntilIdle();
        assertThat(bench.demands).containsExactly(1L);
        assertThat(demandsSeen).containsExactly(0L, 0L, 0L, 0L, 1L, 1L, 1L, 1L, 1L, 1L);
        assertThat(bench.message(1, 20)).isTrue();
        env.runFor(Duration.ofSeconds(20));
        assertThat(bench.overflows).isEmpty();
        assertThat(delivery.dropped()).isZero();
    }

    @Test
    void blockByBytesPassesTheBoundByOneMessage() {
        bench.policy = Bench.policy(Kind.BLOCK, 1000, 1000);
        add(listener);
        assertThat(bench.message(1, 900)).isTrue();
        assertThat(bench.message(1, 900)).isFalse();
        assertThat(delivery.queued()).isEqualTo(2);
        env.runUntilIdle();
        assertThat(bench.demands).containsExactly(1L);
        assertThat(listener.delivered()).isEqualTo(2);
    }

    @Test
    void blockTooLongDisconnects() {
        bench.policy = Bench.policy(Kind.BLOCK, 10, 1 << 20);
        add(listener);
        env.stall(Pool.DELIVERY, Duration.ofMinutes(1));
        bench.messages(1, 10);
        env.runFor(Duration.ofMillis(4999));
        assertThat(bench.overflows).isEmpty();
        env.runFor(Duration.ofMillis(1));
        assertThat(bench.overflows).hasSize(1).first().asString().contains("reading stopped");
        delivery.interrupted(1, LOST);
        bench.messages(2, 1);
        delivery.resumed(2, Duration.ofSeconds(1));
        assertThat(bench.overflows).as("still full").hasSize(2);
        env.runFor(Duration.ofMinutes(2));
        assertThat(listener.delivered()).isEqualTo(10);
        delivery.interrupted(2, LOST);
        env.runUntilIdle();
        assertThat(listener.place.missing).isEqualTo(1);
    }

    @Test
    void oneBlockedLaneHoldsReadingUntilAllHaveRoom() {
        bench.policy = Bench.policy(Kind.BLOCK, 4, 1 << 20);
        Recorder other = new Recorder();
        add(listener);
        add(other);
        bench.messages(1, 4);
        env.runUntilIdle();
        assertThat(bench.demands).containsExactly(1L);
        assertThat(listener.delivered()).isEqualTo(4);
        assertThat(other.delivered()).isEqualTo(4);
    }

    @Test
    void blockedListenerThatLeavesFreesTheReading() {
        bench.policy = Bench.policy(Kind.BLOCK, 4, 1 << 20);
        add(listener);
        bench.messages(1, 4);
        delivery.remove(listener);
        listener.removed();
        assertThat(bench.demands).containsExactly(1L);
        env.runFor(Duration.ofSeconds(10));
        assertThat(bench.overflows).isEmpty();
    }

    @Test
    void limitsChangeLive() {
        bench.policy = Bench.policy(Kind.DISCONNECT, 5, 1 << 20);
        add(listener);
        bench.messages(1, 5);
        bench.policy = Bench.policy(Kind.DISCONNECT, 10, 1 << 20);
        bench.messages(1, 5);
        assertThat(bench.overflows).isEmpty();
        bench.policy = Bench.policy(Kind.DROP_OLDEST, 3, 1 << 20);
        bench.messages(1, 1);
        assertThat(delivery.queued()).isEqualTo(3);
        env.runUntilIdle();
        assertThat(listener.delivered()).isEqualTo(3);
        assertThat(listener.place.missing).isEqualTo(8);
    }

    @Test
    void slowOneDoesNotHoldUpAnother() {
        Recorder quick = new Recorder();
        bench.policy = Bench.policy(Kind.DISCONNECT, 5, 1 << 20);
        add(quick);
        for (int i = 0; i < 20; i++) {
            if (i == 2) {
                env.stall(Pool.DELIVERY, Duration.ofNanos(1));
                delivery.add(listener, NO_ID);
            }
            bench.messages(1, 1);
            env.runFor(Duration.ofNanos(2));
        }
        assertThat(quick.delivered()).isEqualTo(20);
        assertThat(quick.place.violations).isEmpty();
    }

    @Test
    void returningListenerGoesOnWithoutAnyEvent() {
        delivery.add(listener, Optional.of("book"));
        bench.messages(1, 3);
        env.runUntilIdle();
        bench.messages(1, 2);
        delivery.remove(listener);
        listener.removed();
        bench.messages(1, 4);
        env.runFor(Duration.ofMillis(1900));
        assertThat(delivery.listeners()).isZero();
        assertThat(delivery.queued()).isEqualTo(6);
        Recorder again = new Recorder(listener.place, m -> {});
        delivery.add(again, Optional.of("book"));
        bench.messages(1, 1);
        env.runFor(Duration.ofSeconds(30));
        assertThat(listener.delivered()).isEqualTo(10);
        assertThat(listener.events()).containsExactly(new Joined(0));
        assertThat(delivery.dropped()).isZero();
        assertThat(bench.counts).containsExactly(1, 0, 1);
    }

    @Test
    void listenerThatReturnsTooLateIsToldTheGapAndTheInterruption() {
        delivery.add(listener, Optional.of("book"));
        bench.messages(1, 3);
        env.runUntilIdle();
        delivery.remove(listener);
        bench.messages(1, 4);
        env.runFor(Duration.ofMillis(2001));
        assertThat(delivery.dropped()).isEqualTo(4);
        assertThat(delivery.queued()).isZero();
        delivery.interrupted(1, LOST);
        delivery.resumed(2, Duration.ofSeconds(1));
        delivery.inTurn(() -> delivery.gapNow("s", 1, 2, LOST));
        bench.messages(2, 2);
        delivery.interrupted(2, CLOSED);
        delivery.resumed(3, Duration.ofSeconds(2));
        bench.messages(3, 1);
        Recorder again = new Recorder(listener.place, m -> {});
        delivery.add(again, Optional.of("book"));
        env.runUntilIdle();
        bench.messages(3, 1);
        env.runUntilIdle();
        assertThat(listener.events()).hasSize(6);
        assertThat(listener.events().get(0)).isEqualTo(new Joined(0));
        assertThat(listener.events().get(1)).isInstanceOfSatisfying(Gap.class, g -> {
            assertThat(g.from()).isEqualTo(4);
            assertThat(g.to()).isEqualTo(9);
            assertThat(g.cause().message()).contains("listener.gap.max");
        });
        assertThat(listener.events().get(2)).isEqualTo(new Gap("s", 1, 2, LOST));
        assertThat(listener.events().get(3)).isEqualTo(new Interrupted(1, 7, LOST));
        assertThat(listener.events().get(4)).isEqualTo(new Resumed(3, Duration.ofSeconds(2)));
        assertThat(listener.events().get(5))
                .isInstanceOfSatisfying(
                        Gap.class, g -> assertThat(g.from() + "-" + g.to()).isEqualTo("10-10"));
        assertThat(listener.delivered()).isEqualTo(4);
    }

    @Test
    void absentListenerNeverCostsTheConnection() {
        for (Kind kind : Kind.values()) {
            Bench own = new Bench(env, false);
            own.policy = Bench.policy(kind, 3, 1 << 20);
            Recorder mine = new Recorder();
            own.delivery.add(mine, Optional.of("id"));
            env.runUntilIdle();
            own.delivery.remove(mine);
            for (int i = 0; i < 8; i++) {
                assertThat(own.message(1, 10)).as("reading goes on").isTrue();
            }
            own.delivery.add(new Recorder(mine.place, m -> {}), Optional.of("id"));
            env.runUntilIdle();
            own.messages(1, 1);
            own.delivery.close(CLOSED);
            env.runUntilIdle();
            assertThat(mine.place.violations).isEmpty();
            assertThat(mine.place.delivered).as(kind + " keeps what fits").isEqualTo(4);
            assertThat(mine.place.missing).isEqualTo(5);
            assertThat(own.delivery.dropped()).isEqualTo(5);
            assertThat(own.overflows).isEmpty();
        }
    }

    @Test
    void forgottenPlacesAreBounded() {
        for (int i = 0; i < 100; i++) {
            Recorder one = new Recorder();
            delivery.add(one, Optional.of("id" + i));
            bench.messages(1, 1);
            delivery.remove(one);
        }
        assertThat(delivery.queued()).isLessThanOrEqualTo(100L * Roster.MAX_ABSENT);
        env.runFor(Duration.ofSeconds(3));
        assertThat(delivery.queued()).isZero();
        Recorder first = new Recorder();
        delivery.add(first, Optional.of("id0"));
        Recorder last = new Recorder();
        delivery.add(last, Optional.of("id99"));
        bench.messages(1, 1);
        env.runUntilIdle();
        assertThat(first.events()).as("its place was given up").containsExactly(new Joined(100));
        assertThat(last.place.violations).isEmpty();
        assertThat(last.events()).hasSize(2).first().isEqualTo(new Joined(99));
        assertThat(last.events().get(1))
                .isInstanceOfSatisfying(
                        Gap.class, g -> assertThat(g.from() + "-" + g.to()).isEqualTo("100-100"));
        assertThat(last.delivered()).isEqualTo(1);
    }

    @Test
    void secondListenerWithTheIdHasItsOwnLane() {
        Recorder old = new Recorder();
        delivery.add(old, Optional.of("x"));
        delivery.add(listener, Optional.of("x"));
        bench.messages(1, 2);
        env.runUntilIdle();
        delivery.remove(old);
        old.removed();
        bench.messages(1, 2);
        env.runUntilIdle();
        assertThat(old.delivered()).isEqualTo(2);
        assertThat(listener.delivered()).isEqualTo(4);
        assertThat(delivery.dropped()).isZero();
    }

    @Test
    void addedTwiceIsOnce() {
        add(listener);
        add(listener);
        bench.messages(1, 1);
        env.runUntilIdle();
        assertThat(delivery.listeners()).isEqualTo(1);
        assertThat(listener.delivered()).isEqualTo(1);
    }

    @Test
    void removedListenerGetsNothingMore() {
        add(listener);
        bench.messages(1, 5);
        delivery.remove(listener);
        listener.removed();
        bench.messages(1, 5);
        env.runUntilIdle();
        assertThat(listener.delivered()).isZero();
        assertThat(delivery.dropped()).isEqualTo(10);
        delivery.remove(listener);
        assertThat(bench.counts).containsExactly(1, 0);
    }

    @Test
    void listenerMayRemoveItselfAndAddAnother() {
        Recorder second = new Recorder();
        Recorder[] self = new Recorder[1];
        self[0] = new Recorder(listener.place, m -> {
            delivery.remove(self[0]);
            delivery.add(second, NO_ID);
        });
        delivery.add(self[0], NO_ID);
        bench.messages(1, 3);
        env.runUntilIdle();
        bench.messages(1, 2);
        env.runUntilIdle();
        assertThat(listener.delivered()).isEqualTo(1);
        assertThat(second.delivered()).isEqualTo(2);
        assertThat(second.events()).containsExactly(new Joined(3));
    }

    @Test
    void closeTellsLeftAfterWhatWaits() {
        add(listener);
        bench.messages(1, 5);
        delivery.close(CLOSED);
        delivery.close(LOST);
        bench.messages(1, 5);
        delivery.interrupted(1, LOST);
        assertThat(delivery.over()).isNotDone();
        env.runUntilIdle();
        assertThat(delivery.over()).isDone();
        assertThat(listener.delivered()).isEqualTo(5);
        assertThat(listener.events()).containsExactly(new Joined(0), new Left(CLOSED));
        assertThat(delivery.messages()).isEqualTo(5);
        assertThat(delivery.listeners()).isZero();
        assertThat(env.pendingTimers()).isZero();
    }

    @Test
    void aCloseWithoutListenersIsOverAtOnce() {
        add(listener);
        delivery.remove(listener);
        assertThat(delivery.over()).isNotDone();
        delivery.close(CLOSED);
        assertThat(delivery.over()).isDone();
    }

    @Test
    void closeIsBoundedForASlowListener() {
        bench.policy = Bench.policy(Kind.DISCONNECT, 10_000, 1 << 20);
        delivery.add(
                new Recorder(listener.place, m -> env.spend(Duration.ofMillis(1).toNanos())), NO_ID);
        bench.messages(1, 10_000);
        delivery.close(CLOSED);
        env.runUntilIdle();
        assertThat(listener.delivered()).isBetween(999L, 1001L);
        assertThat(listener.events()).hasSize(3);
        assertThat(listener.events().get(2)).isEqualTo(new Left(CLOSED));
        assertThat(listener.place.missing).isEqualTo(10_000 - listener.delivered());
        assertThat(delivery.dropped()).isEqualTo(listener.place.missing);
    }

    @Test
    void listenerAddedAfterCloseIsToldLeft() {
        delivery.close(CLOSED);
        add(listener);
        assertThat(listener.events()).containsExactly(new Left(CLOSED));
        assertThat(delivery.listeners()).isZero();
    }

    @Test
    void eventsOfAHangingListenerAreFolded() {
        add(listener);
        env.stall(Pool.DELIVERY, Duration.ofHours(1));
        for (int i = 1; i <= 10_000; i++) {
            bench.message(i, 10);
            delivery.interrupted(i, LOST);
            delivery.resumed(i + 1, Duration.ofSeconds(1));
        }
        assertThat(delivery.queued()).isLessThan(Backlog.MAX_EVENTS);
        env.runFor(Duration.ofHours(2));
        bench.messages(20_000, 1);
        env.runUntilIdle();
        assertThat(listener.events().size())
                .as("each interruption may have a gap before it")
                .isLessThan(2 * Backlog.MAX_EVENTS);
        assertThat(listener.place.next).isEqualTo(delivery.messages() + 1);
        assertThat(listener.events().get(listener.events().size() - 1))
                .isEqualTo(new Resumed(10_001, Duration.ofSeconds(1)));
    }

    @Test
    void storageIsGivenBackWhenIdle() {
        bench.policy = Bench.policy(Kind.DISCONNECT, 10_000, 8 << 20);
        add(listener);
        assertThat(delivery.capacity()).isZero();
        for (int i = 0; i < 4000; i++) {
            bench.message(1, 1024);
        }
        assertThat(delivery.capacity()).isBetween(4000 * 1024L, (8L << 20) + 64 * 10_000);
        env.runUntilIdle();
        for (int i = 0; i < 100; i++) {
            bench.message(1, 100);
            env.runFor(Duration.ofSeconds(1));
        }
        assertThat(delivery.capacity()).as("after a burst, with little traffic").isLessThan(10_000);
        env.runFor(Duration.ofSeconds(30));
        assertThat(delivery.capacity()).as("idle").isZero();
        assertThat(env.pendingTimers()).as("an idle lane has no timer").isZero();
    }
}
