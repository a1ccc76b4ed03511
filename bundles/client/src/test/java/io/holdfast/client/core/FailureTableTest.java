// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.Cause;
import io.holdfast.api.supervision.ExitReason;
import io.holdfast.api.transport.CloseInfo;
import io.holdfast.api.transport.ConnectFailure;
import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of docs/architecture.md, section 5, row by row. */
class FailureTableTest {
    private static final Duration FLOOR = Duration.ofSeconds(1);

    static Stream<Arguments> endsThatReconnect() {
        Stream<Arguments> codes = IntStream.of(1000, 1001, 1005, 1011, 1012, 1013, 1014, 4000, 4999)
                .mapToObj(c -> Arguments.of(CloseInfo.Kind.HANDSHAKE, c, Cause.Kind.SERVER_CLOSE));
        return Stream.concat(
                codes,
                Stream.of(
                        Arguments.of(CloseInfo.Kind.LOST, 1006, Cause.Kind.LOST),
                        Arguments.of(CloseInfo.Kind.WRITE_TIMEOUT, 1006, Cause.Kind.WRITE_TIMEOUT)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("endsThatReconnect")
    void reconnects(CloseInfo.Kind kind, int code, Cause.Kind cause) {
        MachineDriver m =
                new MachineDriver().ready().pass(Duration.ofSeconds(10)).closed(kind, code);
        assertThat(m.phase()).isEqualTo(Phase.BACKOFF);
        assertThat(m.machine.lastCause().orElseThrow().kind()).isEqualTo(cause);
        assertThat(m.delay()).isGreaterThanOrEqualTo(FLOOR);
    }

    @ParameterizedTest
    @EnumSource(
            value = Cause.Kind.class,
            names = {"HEARTBEAT", "SETUP", "SLOW_CONSUMER"})
    void verdictsAbortAndReconnect(Cause.Kind kind) {
        MachineDriver m = new MachineDriver().ready().dead(kind);
        assertThat(m.phase()).isEqualTo(Phase.BACKOFF);
        assertThat(m.one(Output.Abort.class)).contains(new Output.Abort(1));
        assertThat(m.one(Output.Interrupted.class).orElseThrow().cause().kind()).isEqualTo(kind);
    }

    @ParameterizedTest
    @EnumSource(
            value = ConnectFailure.Kind.class,
            names = {"UNRESOLVED", "UNREACHABLE", "TIMEOUT", "TLS", "IO"})
    void failedAttemptsAreRepeatedUpToTheLimit(ConnectFailure.Kind kind) {
        MachineDriver m = new MachineDriver().connecting();
        for (int i = 1; i < MachineDriver.DEFAULTS.attempts(); i++) {
            m.failed(ConnectFailure.of(kind, ""));
            assertThat(m.phase()).isEqualTo(Phase.BACKOFF);
            assertThat(m.delay()).isBetween(FLOOR, MachineDriver.DEFAULTS.maximum());
            m.nextAttempt();
        }
        m.failed(ConnectFailure.of(kind, ""));
        assertThat(m.phase()).isEqualTo(Phase.EXITED);
        assertThat(m.exit().orElseThrow().kind()).isEqualTo(ExitReason.Kind.FAILED);
        assertThat(m.exit().orElseThrow().description()).contains("10 attempts");
    }

    @ParameterizedTest
    @ValueSource(ints = {1002, 1003, 1007, 1009, 1010})
    void protocolBreachWaitsAndExitsAtTheThirdInARow(int code) {
        MachineDriver m = new MachineDriver().ready();
        for (int i = 0; i < 2; i++) {
            m.closed(CloseInfo.Kind.HANDSHAKE, code);
            assertThat(m.delay()).isGreaterThanOrEqualTo(Duration.ofSeconds(5));
            m.nextAttempt().opened().setUp();
        }
        m.closed(CloseInfo.Kind.HANDSHAKE, code);
        assertThat(m.exit().orElseThrow().kind()).isEqualTo(ExitReason.Kind.PROTOCOL);
    }

    @Test
    void anotherKindOfFailureBreaksTheRow() {
        MachineDriver m = new MachineDriver().ready();
        m.closed(CloseInfo.Kind.PROTOCOL, 1002).nextAttempt().opened();
        m.closed(CloseInfo.Kind.PROTOCOL, 1002).nextAttempt();
        m.refusedByNetwork().nextAttempt().opened();
        m.closed(CloseInfo.Kind.PROTOCOL, 1002);
        assertThat(m.phase()).isEqualTo(Phase.BACKOFF);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void refusedUpgradeExitsAtOnce(int status) {
        MachineDriver m = new MachineDriver().connecting().http(status, "");
        assertThat(m.exit().orElseThrow().kind()).isEqualTo(ExitReason.Kind.REFUSED);
        assertThat(m.exit().orElseThrow().abnormal()).isFalse();
    }

    @Test
    void policyCloseExitsAtOnce() {
        MachineDriver m = new MachineDriver().ready().pass(Duration.ofHours(1)).closed(CloseInfo.Kind.HANDSHAKE, 1008);
        assertThat(m.phase()).isEqualTo(Phase.EXITED);
        assertThat(m.exit().orElseThrow().kind()).isEqualTo(ExitReason.Kind.REFUSED);
    }

    @ParameterizedTest
    @CsvSource({
        "429, 7, 7",
        "418, 7, 7",
        "503, 7, 7",
        "429, '', 30",
        "429, 99999, 3600",
        "429, 'Thu, 29 Feb 2024 12:00:20 GMT', 20",
        "429, 'Thu, 29 Feb 2024 11:00:00 GMT', 30"
    })
    void waitsAsToldForEverybodyAndCountsNoAttempt(int status, String told, long seconds) {
        MachineDriver m = new MachineDriver().connecting().http(status, told);
        assertThat(m.phase()).isEqualTo(Phase.BACKOFF);
        assertThat(m.delay()).isEqualTo(Duration.ofSeconds(seconds));
        assertThat(m.one(Output.Ban.class).orElseThrow().length()).isEqualTo(Duration.ofSeconds(seconds));
        assertThat(m.machine.attempts()).isZero();
    }

    @Test
    void limitedForEverNeverExitsAndDoesNotHammer() {
        MachineDriver m = new MachineDriver().connecting();
        Duration waited = Duration.ZERO;
        for (int i = 0; i < 100; i++) {
            m.http(429, "0");
            waited = waited.plus(m.delay());
            m.nextAttempt();
        }
        assertThat(m.phase()).isEqualTo(Phase.CONNECTING);
        assertThat(waited).isGreaterThan(Duration.ofMinutes(10));
    }

    @Test
    void aPlain503IsAnOutage() {
        MachineDriver m = new MachineDriver().connecting().http(503, "");
        assertThat(m.machine.attempts()).isEqualTo(1);
        assertThat(m.one(Output.Ban.class)).isEmpty();
    }

    @Test
    void aFaultOfTheEngineExits() {
        MachineDriver m = new MachineDriver().ready().in(new Input.Crash("boom"));
        assertThat(m.phase()).isEqualTo(Phase.EXITED);
        assertThat(m.exit().orElseThrow().kind()).isEqualTo(ExitReason.Kind.CRASH);
        assertThat(m.one(Output.Abort.class)).isPresent();
    }

    @Test
    void stableConnectionIsReplacedAtOnceWithAToken() {
        MachineDriver m =
                new MachineDriver().ready().pass(Duration.ofSeconds(30)).closed(CloseInfo.Kind.LOST, 1006);
        assertThat(m.one(Output.RequestPermit.class)).contains(new Output.RequestPermit(2, true));
    }

    @Test
    void stableConnectionIsReplacedWithinTheInitialDelayWithoutAToken() {
        MachineDriver m = new MachineDriver();
        m.burst = false;
        m.ready().pass(Duration.ofSeconds(30)).closed(CloseInfo.Kind.LOST, 1006);
        assertThat(m.delay()).isBetween(Duration.ofNanos(1), MachineDriver.DEFAULTS.initial());
    }

    @Test
    void whileNobodyOwnsAClientOfAGroupTheLimitDoesNotEndIt() {
        MachineDriver m = new MachineDriver(MachineDriver.DEFAULTS, true).connecting();
        for (int i = 0; i < 50; i++) {
            m.refusedByNetwork();
            assertThat(m.phase()).isEqualTo(Phase.BACKOFF);
            m.nextAttempt();
        }
        // Counting begins when somebody is there who can restart it.
        m.in(new Input.Owned(true));
        m.refusedByNetwork();
        assertThat(m.phase()).isEqualTo(Phase.BACKOFF);
        for (int i = 1; i < 10; i++) {
            m.nextAttempt().refusedByNetwork();
        }
        assertThat(m.phase()).isEqualTo(Phase.EXITED);
    }
}
