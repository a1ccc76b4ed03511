// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;

/**
 * The rules of one supervisor. Immutable; {@link SupervisorMessage.Reconfigure} puts another one in force. {@link #of} gives
 * the defaults of Holdfast, {@link #otp} OTP's behaviour in every respect but the clock (see {@link Intensity#wholeSeconds()}).
 *
 * @param strategy       who is restarted with a failed child
 * @param intensity      how many restarts in how much time
 * @param autoShutdown   whether the end of significant children ends the supervisor
 * @param maxChildren    {@link Strategy#DYNAMIC} only: children at the same time, restarting ones included, at least 0
 * @param restartDelay   time between the decision to restart and the restart; 0 is OTP
 * @param restartRefused whether {@link ExitReason.Kind#REFUSED} is restarted as any clean exit is (permanent yes, transient
 *                       no), which is OTP; if not, the child is given up, whatever its type, until it is reset
 * @param uncounted      exits that are restarted without being counted, a ban only if its end is known; none is OTP
 * @param coolDown       time after which a child that exceeded its own budget is tried once more; 0: never
 * @param stableAfter    how long such a trial must run to be a success; as a start result is the acceptance of the order and no
 *                       proof of work, choose it longer than a failing child takes to exit
 * @param answerLimit    how long the answer to a start, or to a kill, is waited for, above 0
 */
public record SupervisorSpec(
        Strategy strategy,
        Intensity intensity,
        AutoShutdown autoShutdown,
        int maxChildren,
        Duration restartDelay,
        boolean restartRefused,
        Set<ExitReason.Kind> uncounted,
        Duration coolDown,
        Duration stableAfter,
        Duration answerLimit) {

    /** {@link #maxChildren()} that never is reached. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    public SupervisorSpec {
        Objects.requireNonNull(strategy, "strategy");
        Objects.requireNonNull(intensity, "intensity");
        Objects.requireNonNull(autoShutdown, "autoShutdown");
        uncounted = Set.copyOf(uncounted);
        requireNotNegative("restartDelay", restartDelay);
        requireNotNegative("coolDown", coolDown);
        requireNotNegative("stableAfter", stableAfter);
        requireNotNegative("answerLimit", answerLimit);
        if (answerLimit.isZero()) {
            throw new IllegalArgumentException("answerLimit must be above 0");
        }
        if (maxChildren < 0) {
            throw new IllegalArgumentException("maxChildren must be at least 0: " + maxChildren);
        }
    }

    /** Defaults: 10 restarts in 60 s per child, no delay, no cool-down, refused is not restarted, operators are not counted. */
    public static SupervisorSpec of(Strategy strategy) {
        return new SupervisorSpec(
                strategy,
                Intensity.DEFAULT,
                AutoShutdown.NEVER,
                UNLIMITED,
                Duration.ZERO,
                false,
                Set.of(ExitReason.Kind.OPERATOR, ExitReason.Kind.BANNED),
                Duration.ZERO,
                Duration.ofSeconds(30),
                Duration.ofSeconds(5));
    }

    /** OTP's choice of every option. */
    public static SupervisorSpec otp(Strategy strategy, int restarts, Duration period) {
        return of(strategy)
                .withIntensity(new Intensity(restarts, period, Budget.GROUP, false))
                .withRestartRefused(true)
                .withUncounted(Set.of());
    }

    public SupervisorSpec withIntensity(Intensity value) {
        return new SupervisorSpec(
                strategy,
                value,
                autoShutdown,
                maxChildren,
                restartDelay,
                restartRefused,
                uncounted,
                coolDown,
                stableAfter,
                answerLimit);
    }

    public SupervisorSpec withAutoShutdown(AutoShutdown value) {
        return new SupervisorSpec(
                strategy,
                intensity,
                value,
                maxChildren,
                restartDelay,
                restartRefused,
                uncounted,
                coolDown,
                stableAfter,
                answerLimit);
    }

    public SupervisorSpec withMaxChildren(int value) {
        return new SupervisorSpec(
                strategy,
                intensity,
                autoShutdown,
                value,
                restartDelay,
                restartRefused,
                uncounted,
                coolDown,
                stableAfter,
                answerLimit);
    }

    public SupervisorSpec withRestartDelay(Duration value) {
        return new SupervisorSpec(
                strategy,
                intensity,
                autoShutdown,
                maxChildren,
                value,
                restartRefused,
                uncounted,
                coolDown,
                stableAfter,
                answerLimit);
    }

    public SupervisorSpec withRestartRefused(boolean value) {
        return new SupervisorSpec(
                strategy,
                intensity,
                autoShutdown,
                maxChildren,
                restartDelay,
                value,
                uncounted,
                coolDown,
                stableAfter,
                answerLimit);
    }

    public SupervisorSpec withUncounted(Set<ExitReason.Kind> value) {
        return new SupervisorSpec(
                strategy,
                intensity,
                autoShutdown,
                maxChildren,
                restartDelay,
                restartRefused,
                value,
                coolDown,
                stableAfter,
                answerLimit);
    }

    /** Both belong together: the wait before a trial, and what the trial must achieve. */
    public SupervisorSpec withCoolDown(Duration wait, Duration stable) {
        return new SupervisorSpec(
                strategy,
                intensity,
                autoShutdown,
                maxChildren,
                restartDelay,
                restartRefused,
                uncounted,
                wait,
                stable,
                answerLimit);
    }

    public SupervisorSpec withAnswerLimit(Duration value) {
        return new SupervisorSpec(
                strategy,
                intensity,
                autoShutdown,
                maxChildren,
                restartDelay,
                restartRefused,
                uncounted,
                coolDown,
                stableAfter,
                value);
    }

    private static void requireNotNegative(String name, Duration value) {
        Objects.requireNonNull(value, name);
        if (value.isNegative()) {
            throw new IllegalArgumentException(name + " must be at least 0: " + value);
        }
    }
}
