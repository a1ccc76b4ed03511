// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.ReconnectPolicy;
import io.holdfast.api.supervision.ExitReason;
import io.holdfast.api.transport.CloseInfo;
import io.holdfast.api.transport.ConnectFailure;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConnectionMachineTest {
    private static final Set<Phase> HANDSHAKING = Set.of(Phase.RECONNECTING, Phase.STOPPING, Phase.CLOSING);
    private static final Cause ASKED = Cause.of(Cause.Kind.OPERATOR, "asked");

    // --- stop and close win

    @ParameterizedTest
    @EnumSource(Phase.class)
    void stopEndsTheIncarnationFromEveryPhase(Phase phase) {
        MachineDriver m = new MachineDriver().to(phase).in(new Input.Stop(Duration.ofSeconds(5)));
        if (phase == Phase.CLOSING || phase == Phase.CLOSED) {
            assertThat(m.phase()).isEqualTo(phase);
            return;
        }
        boolean open = phase == Phase.SETTING_UP || phase == Phase.READY;
        if (open || HANDSHAKING.contains(phase)) {
            assertThat(m.phase()).isEqualTo(Phase.STOPPING);
            m.closed(CloseInfo.Kind.HANDSHAKE, 1001);
        }
        assertThat(m.phase()).isEqualTo(Phase.IDLE);
        assertThat(m.one(Output.Stopped.class)).isPresent();
        assertThat(m.one(Output.RequestPermit.class)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"CLOSING", "CLOSED"})
    void stopWithoutTimeEndsAtOnce(Phase phase) {
        MachineDriver m = new MachineDriver().to(phase).in(new Input.Stop(Duration.ZERO));
        assertThat(m.phase()).isEqualTo(Phase.IDLE);
        assertThat(m.one(Output.Stopped.class)).isPresent();
        boolean socket =
                Set.of(Phase.CONNECTING, Phase.SETTING_UP, Phase.READY).contains(phase) || HANDSHAKING.contains(phase);
        assertThat(m.one(Output.Abort.class).isPresent()).isEqualTo(socket);
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void closeEndsTheClientFromEveryPhaseOnce(Phase phase) {
        MachineDriver m = new MachineDriver().to(phase);
        int ended = m.all(Output.Ended.class).size();
        m.in(MachineDriver.close());
        ended += m.all(Output.Ended.class).size();
        if (m.phase() == Phase.CLOSING) {
            m.in(MachineDriver.close());
            assertThat(m.outputs).isEmpty();
            m.closed(CloseInfo.Kind.HANDSHAKE, 1000);
            ended += m.all(Output.Ended.class).size();
        }
        assertThat(m.phase()).isEqualTo(Phase.CLOSED);
        m.in(MachineDriver.close());
        assertThat(m.outputs).isEmpty();
        assertThat(ended).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"RECONNECTING", "STOPPING", "CLOSING"})
    void aClosingHandshakeHasALimit(Phase phase) {
        MachineDriver m = new MachineDriver().to(phase).fires();
        assertThat(m.phase()).isIn(Phase.PERMIT, Phase.IDLE, Phase.CLOSED);
        assertThat(m.one(Output.Abort.class)).isPresent();
        assertThat(m.one(Output.Interrupted.class)).isPresent();
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void aFaultOfTheEngineLeavesNobodyWaiting(Phase phase) {
        MachineDriver m = new MachineDriver().to(phase).in(new Input.Crash("boom"));
        switch (phase) {
            case IDLE, STOPPING -> assertThat(m.one(Output.Stopped.class)).isPresent();
            case CLOSING, CLOSED -> assertThat(m.one(Output.Ended.class)).isPresent();
            default -> assertThat(m.exit().orElseThrow().kind()).isEqualTo(ExitReason.Kind.CRASH);
        }
    }

    // --- only the current connection counts

    @ParameterizedTest
    @EnumSource(Phase.class)
    void inputsOfAFormerConnectionChangeNothing(Phase phase) {
        MachineDriver m = new MachineDriver().to(phase);
        long former = m.machine.connection() - 1;
        List<Input> late = List.of(
                new Input.PermitGranted(former),
                new Input.Opened(former),
                new Input.ConnectFailed(former, ConnectFailure.of(ConnectFailure.Kind.IO, "")),
                new Input.SetupDone(former),
                new Input.Dead(former, ASKED),
                new Input.Closed(former, new CloseInfo(CloseInfo.Kind.LOST, 1006, "")));
        for (Input input : late) {
            m.in(input);
            assertThat(m.phase()).as(input.toString()).isEqualTo(phase);
            assertThat(m.events()).as(input.toString()).isEmpty();
        }
    }

    @Test
    void anUpgradeThatSucceedsTooLateIsAborted() {
        MachineDriver m = new MachineDriver().connecting().fires();
        assertThat(m.machine.lastCause().orElseThrow().kind()).isEqualTo(Cause.Kind.CONNECT_TIMEOUT);
        m.in(new Input.Opened(1));
        assertThat(m.one(Output.Abort.class)).contains(new Output.Abort(1));
        assertThat(m.one(Output.Stale.class)).isPresent();
    }

    @Test
    void aTimerThatWasReplacedChangesNothing() {
        MachineDriver m = new MachineDriver().connecting();
        Output.Arm connect = m.one(Output.Arm.class).orElseThrow();
        m.refusedByNetwork().in(new Input.TimerFired(connect.kind(), connect.token()));
        assertThat(m.phase()).isEqualTo(Phase.BACKOFF);
        assertThat(m.outputs).isEmpty();
    }

    @Test
    void theEventOfALossNamesTheLostConnection() {
        MachineDriver m =
                new MachineDriver().ready().pass(Duration.ofMinutes(1)).closed(CloseInfo.Kind.LOST, 1006);
        Output.Publish lost = m.all(Output.Publish.class).stream()
                .filter(p -> p.type() == Type.LOST)
                .findFirst()
                .orElseThrow();
        assertThat(m.machine.connection()).isEqualTo(2);
        assertThat(lost.connection()).isEqualTo(1);
    }

    @Test
    void stepsDoneAgainOnAReadyConnectionAreNotLate() {
        MachineDriver m = new MachineDriver().ready().setUp();
        assertThat(m.outputs).isEmpty();
        assertThat(m.phase()).isEqualTo(Phase.READY);
    }

    // --- floor and back-off

    @Test
    void noTwoAttemptsCloserThanTheFloor() {
        MachineDriver m = new MachineDriver().ready().in(new Input.Reconnect(ASKED));
        m.pass(Duration.ofMillis(300)).closed(CloseInfo.Kind.HANDSHAKE, 1000);
        assertThat(m.delay()).isEqualTo(Duration.ofMillis(700));
        m.in(new Input.Reconnect(ASKED));
        assertThat(m.phase()).isEqualTo(Phase.BACKOFF);
        assertThat(m.delay()).isEqualTo(Duration.ofMillis(700));
    }

    @Test
    void aRestartNeverEarnsAnEarlyAttempt() {
        MachineDriver m = new MachineDriver().connecting();
        for (int i = 1; i < 10; i++) {
            m.refusedByNetwork().nextAttempt();
        }
        m.refusedByNetwork();
        assertThat(m.phase()).isEqualTo(Phase.EXITED);
        Duration total = Duration.ZERO;
        for (int incarnation = 2; incarnation <= 20; incarnation++) {
            m.in(new Input.Start(incarnation));
            assertThat(m.phase()).isEqualTo(Phase.BACKOFF);
            assertThat(m.delay()).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
            total = total.plus(m.delay());
            m.nextAttempt().http(401, "");
        }
        // Full jitter over 30 s: shorter only if the back-off began anew with each incarnation.
        assertThat(total).isGreaterThan(Duration.ofSeconds(19 * 5));
    }

    @Test
    void theGateShortensNoBackOff() {
        ReconnectPolicy d = MachineDriver.DEFAULTS;
        ReconnectPolicy withoutJitter = new ReconnectPolicy(
                d.floor(),
                d.initial(),
                d.multiplier(),
                d.maximum(),
                0,
                d.attempts(),
                d.stableAfter(),
                d.retryAfterMax());
        MachineDriver m = new MachineDriver(withoutJitter, false).connecting();
        for (int i = 0; i < 6; i++) {
            m.refusedByNetwork().nextAttempt();
        }
        m.http(403, "").in(new Input.Gate(false)).in(new Input.Start(2));
        assertThat(m.phase()).isEqualTo(Phase.GATED);
        m.pass(Duration.ofMillis(1)).in(new Input.Gate(true));
        assertThat(m.phase()).isEqualTo(Phase.BACKOFF);
        assertThat(m.delay()).isEqualTo(d.maximum().minusMillis(1));
    }

    @Test
    void theGateHoldsOnlyTheFirstConnect() {
        MachineDriver m = new MachineDriver().gated();
        assertThat(m.phase()).isEqualTo(Phase.GATED);
        m.in(new Input.Gate(true));
        assertThat(m.phase()).isEqualTo(Phase.PERMIT);
        m.granted().in(new Input.Gate(false));
        m.refusedByNetwork().nextAttempt();
        assertThat(m.phase()).isEqualTo(Phase.CONNECTING);
    }

    // --- reconnect and changed options

    @ParameterizedTest
    @EnumSource(Phase.class)
    void reconnectReplacesWhatIsOpenAndEndsADelay(Phase phase) {
        MachineDriver m =
                new MachineDriver().to(phase).pass(Duration.ofSeconds(2)).in(new Input.Reconnect(ASKED));
        Phase expected = switch (phase) {
            case SETTING_UP, READY -> Phase.RECONNECTING;
            case BACKOFF -> Phase.PERMIT;
            default -> phase;
        };
        assertThat(m.phase()).isEqualTo(expected);
    }

    @Test
    void changedOptionsReplaceAnAttemptUnderWay() {
        MachineDriver m =
                new MachineDriver().connecting().pass(Duration.ofSeconds(3)).in(new Input.Redirect(ASKED));
        assertThat(m.one(Output.Abort.class)).contains(new Output.Abort(1));
        assertThat(m.one(Output.ReleasePermit.class)).isPresent();
        assertThat(m.one(Output.RequestPermit.class)).contains(new Output.RequestPermit(2, false));
    }

    @Test
    void changedOptionsReplaceAPlaceInTheFormerEndpointGroup() {
        MachineDriver m = new MachineDriver().permit().in(new Input.Redirect(ASKED));
        assertThat(m.one(Output.CancelPermit.class)).isPresent();
        assertThat(m.one(Output.RequestPermit.class).orElseThrow().connection()).isEqualTo(2);
    }

    @Test
    void aBanToldOnAConnectionThatWasReplacedIsEverybodys() {
        MachineDriver m = new MachineDriver()
                .ready()
                .pass(Duration.ofMinutes(1))
                .in(new Input.Rotate(0, ASKED, true))
                .in(new Input.PermitGranted(2))
                .in(new Input.Opened(2))
                .in(new Input.SetupDone(2));
        assertThat(m.one(Output.TakeOver.class)).contains(new Output.TakeOver(2, 1));
        Cause limited = Cause.of(Cause.Kind.LIMITED, "too many requests");
        m.in(new Input.Judged(1, Input.Judgement.WAIT, limited, Duration.ofMinutes(5)));
        assertThat(m.one(Output.Ban.class)).contains(new Output.Ban(Duration.ofMinutes(5), limited));
        assertThat(m.events()).containsExactly(Type.DRAINED);
        assertThat(m.phase()).isEqualTo(Phase.READY);
    }

    @Test
    void listenersAreToldHowLongItTook() {
        MachineDriver m =
                new MachineDriver().ready().pass(Duration.ofMinutes(1)).closed(CloseInfo.Kind.LOST, 1006);
        assertThat(m.one(Output.Interrupted.class).orElseThrow().connection()).isEqualTo(1);
        m.granted()
                .refusedByNetwork()
                .fires()
                .granted()
                .opened()
                .pass(Duration.ofSeconds(1))
                .setUp();
        Output.Resumed resumed = m.one(Output.Resumed.class).orElseThrow();
        assertThat(resumed.connection()).isEqualTo(3);
        assertThat(resumed.span()).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
    }
}
