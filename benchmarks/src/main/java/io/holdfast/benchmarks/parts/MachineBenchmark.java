// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks.parts;

import io.holdfast.api.client.ReconnectPolicy;
import io.holdfast.api.transport.CloseInfo;
import io.holdfast.client.core.Chance;
import io.holdfast.client.core.ConnectionMachine;
import io.holdfast.client.core.ConnectionPolicy;
import io.holdfast.client.core.Input;
import io.holdfast.client.core.Output;
import io.holdfast.client.core.RotationPolicy;
import io.holdfast.client.core.TimerKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the machine of one client decides from the loss of a connection to the next one that is ready: about six steps. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MachineBenchmark {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Chance chance = new Chance() {
        private final RandomGenerator random = new SplittableRandom(1);

        @Override
        public RandomGenerator random() {
            return random;
        }

        @Override
        public boolean takeBurst() {
            return true;
        }

        @Override
        public Instant wallTime() {
            return Instant.EPOCH;
        }
    };

    private final ConnectionMachine machine = new ConnectionMachine(
            new ConnectionPolicy(
                    new ReconnectPolicy(
                            SECOND,
                            SECOND,
                            2,
                            SECOND.multipliedBy(30),
                            1,
                            0,
                            SECOND.multipliedBy(30),
                            SECOND.multipliedBy(3600)),
                    SECOND.multipliedBy(30),
                    SECOND.multipliedBy(5),
                    Set.of(1008),
                    true,
                    RotationPolicy.NEVER),
            chance);
    private long now;

    public MachineBenchmark() {
        machine.handle(new Input.Gate(true), now);
        untilReady(machine.handle(new Input.Start(1), now));
    }

    @Benchmark
    public long lossAndRecovery() {
        now += SECOND.toNanos() * 60;
        untilReady(machine.handle(
                new Input.Closed(machine.connection(), new CloseInfo(CloseInfo.Kind.LOST, 1006, "lost")), now));
        return machine.connection();
    }

    /** Plays the shell's part: everything it is told to do succeeds at once. */
    private void untilReady(List<Output> outputs) {
        Input next = null;
        for (Output output : outputs) {
            if (output instanceof Output.RequestPermit) {
                next = new Input.PermitGranted(machine.connection());
            } else if (output instanceof Output.Connect connect) {
                next = new Input.Opened(connect.connection());
            } else if (output instanceof Output.BeginSetup) {
                next = new Input.SetupDone(machine.connection());
            } else if (output instanceof Output.Arm arm && arm.kind() == TimerKind.BACKOFF) {
                now += arm.delay().toNanos();
                next = new Input.TimerFired(arm.kind(), arm.token());
            }
        }
        if (next != null) {
            untilReady(machine.handle(next, now));
        }
    }
}
