// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.demo;

import io.holdfast.app.account.ClientAccount;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What a listener can do. */
final class ListenerSteps {

    private static final int THROWN = 5;
    private static final int NUMBERS = 100;
    private static final Duration BLOCKED = Duration.ofSeconds(3);

    private ListenerSteps() {}

    /** One listener throws, the other blocks: neither costs a message or a connection, nor holds up the other client. */
    static void throwAndBlock(Stage stage, Findings findings) throws InterruptedException {
        throwing(stage, findings);
        blocking(stage, findings);
    }

    private static void throwing(Stage stage, Findings findings) {
        ClientAccount account = stage.account(Target.DERIBIT);
        long faults = stage.client(Target.DERIBIT).metrics().listenerFaults();
        AtomicInteger left = new AtomicInteger(THROWN);
        account.conduct(message -> {
            if (left.getAndDecrement() > 0) {
                throw new IllegalStateException("thrown by the script's listener");
            }
        });
        stage.await(() -> left.get() < 0, stage.allowance().multipliedBy(5));
        account.conduct(message -> {});
        findings.equal(
                "deribit: exceptions of the listener counted",
                stage.client(Target.DERIBIT).metrics().listenerFaults() - faults,
                (long) THROWN);
    }

    private static void blocking(Stage stage, Findings findings) throws InterruptedException {
        ClientAccount blocked = stage.account(Target.BINANCE);
        ClientAccount other = stage.account(Target.DERIBIT);
        CountDownLatch gate = new CountDownLatch(1);
        blocked.conduct(message -> {
            try {
                gate.await(BLOCKED.toMillis() * 10, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        long begin = System.nanoTime();
        long before = other.messages();
        boolean went = stage.await(
                () -> other.messages() >= before + NUMBERS, stage.allowance().multipliedBy(5));
        findings.time(
                "deribit: " + NUMBERS + " messages while binance's listener blocks",
                went ? Optional.of(Duration.ofNanos(System.nanoTime() - begin)) : Optional.empty(),
                Duration.ofMillis((long) (NUMBERS
                                / stage.settings().rate()
                                / Target.DERIBIT.streams().size()
                                * 1000))
                        .plus(stage.allowance()));
        stage.pass(BLOCKED);
        long released = System.nanoTime();
        blocked.conduct(message -> {});
        gate.countDown();
        boolean caughtUp = stage.await(
                () -> stage.client(Target.BINANCE).metrics().queued() == 0,
                stage.allowance().multipliedBy(5));
        findings.time(
                "binance: backlog of " + BLOCKED.toSeconds() + " s delivered",
                caughtUp ? Optional.of(Duration.ofNanos(System.nanoTime() - released)) : Optional.empty(),
                stage.allowance());
    }
}
