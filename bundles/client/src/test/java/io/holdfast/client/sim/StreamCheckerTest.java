// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.Continuity;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rule for rotated sessions, kept and broken: connection 2 takes over from connection 1. */
class StreamCheckerTest {
    private final Arrivals arrivals = new Arrivals(() -> 10);
    private final List<String> broken = new ArrayList<>();
    private final StreamChecker checker = new StreamChecker(arrivals, broken::add);

    private static NumberedFrame book(long place, long times, long before, long change) {
        return new NumberedFrame("p", 1, "book", place, place, times, before, change);
    }

    private static NumberedFrame trade(long place) {
        return new NumberedFrame("p", 1, "trades", place, place, 0, -1, -1);
    }

    private void comes(long on, NumberedFrame frame) {
        arrivals.arrives(on, frame, false);
    }

    private void both(long on, NumberedFrame frame) {
        comes(on, frame);
        checker.message(on, frame);
    }

    @Test
    void aBookGoesOnWithWhicheverBringsTheNextChange() {
        both(1, book(1, 1, -1, 100));
        comes(2, book(1, 1, -1, 100));
        arrivals.tookOver(2, 1);
        both(2, book(2, 0, 100, 103));
        both(1, book(3, 0, 103, 104));
        both(2, book(4, 0, 104, 109));
        assertThat(broken).isEmpty();
    }

    @Test
    void aChangeThatComesFromBothIsDoubled() {
        both(1, book(1, 1, -1, 100));
        both(1, book(2, 0, 100, 103));
        arrivals.tookOver(2, 1);
        both(2, book(2, 0, 100, 103));
        assertThat(broken).singleElement().asString().contains("comes twice");
    }

    @Test
    void aChangeThatIsLeftOutIsLost() {
        both(1, book(1, 1, -1, 100));
        arrivals.tookOver(2, 1);
        both(2, book(3, 0, 103, 104));
        assertThat(broken).singleElement().asString().contains("1 missing, told were 0");
    }

    @Test
    void aSnapshotThatJumpsHidesALoss() {
        both(1, book(1, 1, -1, 100));
        arrivals.tookOver(2, 1);
        both(2, book(1, 1, -1, 104));
        assertThat(broken).singleElement().asString().contains("nobody asked for");
    }

    @Test
    void aSnapshotThatWasAskedForAgainGoesOn() {
        both(1, book(1, 1, -1, 100));
        both(1, book(2, 0, 100, 103));
        arrivals.tookOver(2, 1);
        both(2, book(1, 2, -1, 103));
        both(2, book(2, 0, 103, 110));
        assertThat(broken).isEmpty();
    }

    @Test
    void aSnapshotThatWasAskedForAgainGoesOnBehindAGap() {
        both(1, book(1, 1, -1, 100));
        both(1, book(2, 0, 100, 103));
        arrivals.tookOver(2, 1);
        checker.gap(new Continuity.Gap("book", 104, 109, Cause.of(Cause.Kind.LOST, "")));
        both(2, book(1, 2, -1, 109));
        both(2, book(2, 0, 109, 110));
        assertThat(broken).isEmpty();
    }

    @Test
    void aSnapshotThatWasAskedForAgainMustNotJump() {
        both(1, book(1, 1, -1, 100));
        both(1, book(2, 0, 100, 103));
        both(1, book(3, 2, -1, 109));
        arrivals.tookOver(2, 1);
        both(2, book(1, 2, -1, 110));
        assertThat(broken).hasSize(2).allSatisfy(b -> assertThat(b).contains("jumps, 1 missing, told were 0"));
    }

    @Test
    void aSnapshotThatWasAskedForAgainMakesUpForNothingThatCame() {
        both(1, book(1, 1, -1, 100));
        comes(1, book(2, 0, 100, 103));
        arrivals.tookOver(2, 1);
        both(2, book(1, 2, -1, 100));
        assertThat(broken).singleElement().asString().contains("were not all there, 1 missing, told were 0");
    }

    @Test
    void aSnapshotThatWasAskedForAgainIsNotShownBeforeTheTakeover() {
        both(1, book(1, 1, -1, 100));
        both(2, book(1, 2, -1, 100));
        assertThat(broken).singleElement().asString().contains("has not taken over");
    }

    /** The listener was away for what connection 1 brought; two changes of connection 2 came while that one was waited for. */
    private void isToldBeforeAnythingCame(long from, long to) {
        checker.interrupted(0, false);
        comes(1, book(1, 1, -1, 103));
        comes(2, book(1, 1, -1, 103));
        arrivals.tookOver(2, 1);
        comes(2, book(2, 0, 103, 104));
        comes(2, book(3, 0, 104, 109));
        checker.missing(1);
        checker.gap(new Continuity.Gap("book", from, to, Cause.of(Cause.Kind.LOST, "")));
        checker.message(2, book(4, 0, 109, 112));
        checker.message(2, book(5, 2, -1, 112));
    }

    @Test
    void aGapThatIsToldBeforeAnythingCameCounts() {
        isToldBeforeAnythingCame(104, 109);
        assertThat(broken).isEmpty();
        checker.message(2, book(7, 0, 113, 114));
        checker.message(2, book(9, 0, 115, 116));
        assertThat(broken).as("told missing were one and what the gap named").singleElement();
    }

    @ParameterizedTest
    @CsvSource({"105, 109", "103, 109", "104, 108", "104, 112", "109, 104"})
    void aWrongGapThatIsToldBeforeAnythingCameIsNone(long from, long to) {
        isToldBeforeAnythingCame(from, to);
        assertThat(broken).isNotEmpty();
    }

    @Test
    void aGapNamesExactlyWhatIsMissing() {
        both(1, book(1, 1, -1, 100));
        arrivals.tookOver(2, 1);
        checker.gap(new Continuity.Gap("book", 101, 103, Cause.of(Cause.Kind.LOST, "")));
        both(2, book(3, 0, 103, 104));
        both(2, book(4, 2, -1, 104));
        assertThat(broken).isEmpty();
        checker.gap(new Continuity.Gap("book", 107, 108, Cause.of(Cause.Kind.LOST, "")));
        assertThat(broken).singleElement().asString().contains("from 107 to 108 after 104");
    }

    @Test
    void withoutNumbersTheFirstOneAfterTheTakeoverSwitches() {
        both(1, trade(1));
        comes(2, trade(1));
        arrivals.tookOver(2, 1);
        both(1, trade(2));
        both(2, trade(2));
        both(2, trade(3));
        assertThat(broken).isEmpty();
        both(1, trade(3));
        assertThat(broken).singleElement().asString().contains("after one of connection 2");
    }

    @Test
    void withoutNumbersTheFirstOneAfterTheTakeoverMustNotBeLeftOut() {
        both(1, trade(1));
        comes(2, trade(1));
        arrivals.tookOver(2, 1);
        comes(2, trade(2));
        both(2, trade(3));
        assertThat(broken).singleElement().asString().contains("1 missing");
    }

    @Test
    void withoutNumbersTheOldOneIsHeardUntilThen() {
        both(1, trade(1));
        arrivals.tookOver(2, 1);
        comes(1, trade(2));
        both(2, trade(1));
        assertThat(broken).singleElement().asString().contains("were not all there");
    }

    @Test
    void beforeItTookOverNothingOfItIsHeard() {
        both(1, trade(1));
        both(2, trade(1));
        assertThat(broken).singleElement().asString().contains("after one of connection 1");
    }

    /** Connection 2 is ahead of connection 1 by two changes of the book, which are told, then one of three is lost. */
    private void endsAfterAGap(long from, long to, long toldByTheClient) {
        both(1, book(1, 1, -1, 100));
        arrivals.begunBeside(2);
        comes(2, new NumberedFrame("p", 1, "book", 1, 5, 1, -1, 104));
        arrivals.tookOver(2, 1);
        comes(2, new NumberedFrame("p", 2, "book", 2, 6, 0, 104, 106));
        comes(2, new NumberedFrame("p", 3, "book", 3, 7, 0, 106, 108));
        checker.missing(toldByTheClient);
        checker.gap(new Continuity.Gap("book", from, to, Cause.of(Cause.Kind.LOST, "")));
        comes(2, new NumberedFrame("p", 4, "book", 4, 8, 0, 108, 109));
        comes(2, new NumberedFrame("p", 5, "book", 5, 10, 0, 110, 111));
        checker.complete(2, List.of(new NumberedFrame("p", 5, "book", 5, 10, 0, 110, 111)));
    }

    @Test
    void whatAGapNamesIsNotMissingAtTheEnd() {
        endsAfterAGap(101, 108, 2);
        assertThat(broken).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"101, 108, 1", "101, 106, 2", "101, 104, 3", "102, 108, 1", "101, 107, 2"})
    void whatNoGapNamesIsMissingAtTheEnd(long from, long to, long toldByTheClient) {
        endsAfterAGap(from, to, toldByTheClient);
        assertThat(broken).isNotEmpty();
    }

    @Test
    void whatIsMissingIsPaidForOnce() {
        both(1, book(1, 1, -1, 100));
        both(1, trade(1));
        checker.missing(3);
        List<NumberedFrame> newest = List.of(book(3, 0, 103, 104), trade(2));
        checker.complete(1, newest);
        checker.complete(1, newest);
        assertThat(broken).isEmpty();
        checker.complete(1, List.of(book(3, 0, 103, 104), trade(3)));
        assertThat(broken).singleElement().asString().contains("1 missing, told were 0");
    }

    @Test
    void whatWasPaidForDoesNotComeAfterAll() {
        both(1, book(1, 1, -1, 100));
        checker.missing(1);
        checker.complete(1, List.of(book(2, 0, 100, 103)));
        checker.message(1, book(2, 0, 100, 103));
        assertThat(broken).singleElement().asString().contains("comes twice");
    }

    private void theFormerOneIsSilent() {
        both(1, trade(1));
        arrivals.permittedBeside(2, 1);
        comes(2, trade(1));
        arrivals.tookOver(2, 1);
    }

    @Test
    void whereTheFormerOneIsSilentTheNewOnesFirstIsTheFirst() {
        theFormerOneIsSilent();
        comes(2, trade(2));
        comes(1, trade(2));
        checker.message(2, trade(1));
        checker.message(2, trade(2));
        assertThat(broken).isEmpty();
    }

    @Test
    void whereTheFormerOneIsSilentNoneOfTheNewOneIsLeftOut() {
        theFormerOneIsSilent();
        both(2, trade(2));
        assertThat(broken).singleElement().asString().contains("1 missing, told were 0");
    }

    @Test
    void whereTheFormerOneIsSilentToItsEndNoneOfTheNewOneIsLeftOut() {
        theFormerOneIsSilent();
        checker.complete(2, List.of(trade(1)));
        assertThat(broken).singleElement().asString().contains("connection 2 has ended, 1 missing");
    }

    @Test
    void whereTheFormerOneHasBroughtSomethingTheNewOnesBeginningIsDoubled() {
        both(1, trade(1));
        arrivals.permittedBeside(2, 1);
        both(1, trade(2));
        comes(2, trade(1));
        arrivals.tookOver(2, 1);
        comes(2, trade(2));
        checker.message(2, trade(1));
        assertThat(broken).singleElement().asString().contains("after 1");
    }
}
