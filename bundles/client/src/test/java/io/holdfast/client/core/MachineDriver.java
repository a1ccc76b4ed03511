// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.core;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.ReconnectPolicy;
import io.holdfast.api.supervision.ExitReason;
import io.holdfast.api.transport.CloseInfo;
import io.holdfast.api.transport.ConnectFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** A machine with a clock of its own; remembers what the last input led to. */
final class MachineDriver {
    static final ReconnectPolicy DEFAULTS = new ReconnectPolicy(
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            2,
            Duration.ofSeconds(30),
            1,
            10,
            Duration.ofSeconds(30),
            Duration.ofHours(1));
    static final Instant WALL = Instant.parse("2024-02-29T12:00:00Z");

    final ConnectionMachine machine;
    long now = 1_000_000_000_000L;
    boolean burst = true;
    List<Output> outputs = List.of();

    MachineDriver() {
        this(DEFAULTS, false);
    }

    MachineDriver(ReconnectPolicy reconnect, boolean supervised) {
        SplittableRandom random = new SplittableRandom(5);
        Chance chance = new Chance() {
            @Override
            public RandomGenerator random() {
                return random;
            }

            @Override
            public boolean takeBurst() {
                return burst;
            }

            @Override
            public Instant wallTime() {
                return WALL;
            }
        };
        machine = new ConnectionMachine(
                new ConnectionPolicy(
                        reconnect,
                        Duration.ofSeconds(35),
                        Duration.ofSeconds(5),
                        Set.of(1008),
                        supervised,
                        RotationPolicy.NEVER),
                chance);
    }

    Phase phase() {
        return machine.phase();
    }

    MachineDriver in(Input input) {
        outputs = machine.handle(input, now);
        return this;
    }

    MachineDriver pass(Duration time) {
        now += time.toNanos();
        return this;
    }

    <T extends Output> List<T> all(Class<T> type) {
        return outputs.stream().filter(type::isInstance).map(type::cast).toList();
    }

    <T extends Output> Optional<T> one(Class<T> type) {
        List<T> all = all(type);
        if (all.size() > 1) {
            throw new AssertionError("several: " + all);
        }
        return all.stream().findFirst();
    }

    List<Type> events() {
        return all(Output.Publish.class).stream().map(Output.Publish::type).toList();
    }

    /** The time until the next attempt: zero where the permit is requested at once. */
    Duration delay() {
        return one(Output.RequestPermit.class).isPresent()
                ? Duration.ZERO
                : one(Output.Arm.class)
                        .filter(a -> a.kind() == TimerKind.BACKOFF)
                        .orElseThrow()
                        .delay();
    }

    Optional<ExitReason> exit() {
        return one(Output.Exited.class).map(Output.Exited::reason);
    }

    // --- ways into phases

    MachineDriver gated() {
        return in(new Input.Start(1));
    }

    MachineDriver permit() {
        in(new Input.Gate(true));
        return in(new Input.Start(1));
    }

    MachineDriver connecting() {
        permit();
        return granted();
    }

    MachineDriver settingUp() {
        connecting();
        return opened();
    }

    MachineDriver ready() {
        settingUp();
        return setUp();
    }

    MachineDriver granted() {
        return in(new Input.PermitGranted(machine.connection()));
    }

    MachineDriver opened() {
        return in(new Input.Opened(machine.connection()));
    }

    MachineDriver setUp() {
        return in(new Input.SetupDone(machine.connection()));
    }

    MachineDriver failed(ConnectFailure failure) {
        return in(new Input.ConnectFailed(machine.connection(), failure));
    }

    MachineDriver refusedByNetwork() {
        return failed(ConnectFailure.of(ConnectFailure.Kind.UNREACHABLE, "refused"));
    }

    MachineDriver http(int status, String retryAfter) {
        return failed(new ConnectFailure(
                ConnectFailure.Kind.HTTP,
                "HTTP " + status,
                OptionalInt.of(status),
                retryAfter.isEmpty() ? Optional.empty() : Optional.of(retryAfter),
                Optional.empty()));
    }

    MachineDriver closed(CloseInfo.Kind kind, int code) {
        return in(new Input.Closed(machine.connection(), new CloseInfo(kind, code, "")));
    }

    MachineDriver dead(Cause.Kind kind) {
        return in(new Input.Dead(machine.connection(), Cause.of(kind, "")));
    }

    /** The timer armed last fires, when it is due. */
    MachineDriver fires() {
        Output.Arm armed = all(Output.Arm.class).get(all(Output.Arm.class).size() - 1);
        pass(armed.delay());
        return in(new Input.TimerFired(armed.kind(), armed.token()));
    }

    /** From the delay after a failure to the next attempt under way. */
    MachineDriver nextAttempt() {
        if (phase() == Phase.BACKOFF) {
            fires();
        }
        return granted();
    }

    MachineDriver to(Phase phase) {
        switch (phase) {
            case IDLE -> {
                // as made
            }
            case GATED -> gated();
            case PERMIT -> permit();
            case CONNECTING -> connecting();
            case SETTING_UP -> settingUp();
            case READY -> ready();
            case BACKOFF -> connecting().refusedByNetwork();
            case RECONNECTING -> ready().in(new Input.Reconnect(Cause.of(Cause.Kind.OPERATOR, "")));
            case STOPPING -> ready().in(new Input.Stop(Duration.ofSeconds(5)));
            case CLOSING -> ready().in(close());
            case EXITED -> connecting().http(401, "");
            case CLOSED -> in(close());
        }
        if (phase() != phase) {
            throw new AssertionError("is " + phase() + ", not " + phase);
        }
        return this;
    }

    static Input.Close close() {
        return new Input.Close(1000, "", Cause.of(Cause.Kind.LOCAL_CLOSE, "", 1000));
    }
}
