// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import io.holdfast.api.exchange.Failure;
import io.holdfast.api.exchange.Failure.Act;
import io.holdfast.api.exchange.Prepared;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Where the exchange gives out tokens, each for one attempt of one client. Outside of the simulated process. */
final class SimulatedDesk {
    /** The type of the plugin that asks here. */
    static final String TYPE = "prepared";

    /** What becomes of the next questions. */
    enum Mode {
        SOUND,
        SLOW,
        FAILS,
        THROWS,
        /** The answer comes when nobody waits for it any more. */
        LATE,
        OTHER_HOST,
        LIMITS,
        REFUSES
    }

    private static final String QUERY = "token=";
    private static final Duration PAUSE = Duration.ofSeconds(7);

    private final VirtualEnvironment environment;
    private final Consumer<String> broken;

    /** Paths of clients that must bring a token. */
    private final Set<String> paths = new HashSet<>();

    private final Set<String> unused = new HashSet<>();
    private long issued;
    Mode mode = Mode.SOUND;

    SimulatedDesk(VirtualEnvironment environment, Consumer<String> broken) {
        this.environment = environment;
        this.broken = broken;
    }

    CompletionStage<Prepared> ask(URI uri) {
        paths.add(uri.getPath());
        CompletableFuture<Prepared> answer = new CompletableFuture<>();
        switch (mode) {
            case THROWS -> throw new IllegalStateException("simulated fault of the plugin");
            case FAILS ->
                after(20, () -> answer.completeExceptionally(new IllegalStateException("the desk is not there")));
            case LIMITS ->
                after(20, () -> answer.complete(new Prepared.Failed(new Failure("429", "too many", Act.WAIT, PAUSE))));
            case REFUSES ->
                after(20, () -> answer.complete(new Prepared.Failed(Failure.of("401", "no such key", Act.REFUSED))));
            case OTHER_HOST -> after(20, () -> answer.complete(Prepared.To.of(URI.create("wss://elsewhere.invalid/"))));
            case SOUND -> give(uri, 20, answer);
            case SLOW -> give(uri, 6_000, answer);
            case LATE -> give(uri, 10_000 + environment.random().nextInt(60_000), answer);
        }
        return answer;
    }

    private void give(URI uri, long millis, CompletableFuture<Prepared> answer) {
        String query = QUERY + ++issued;
        unused.add(uri.getPath() + "?" + query);
        after(millis, () -> answer.complete(Prepared.To.of(URI.create(uri + "?" + query))));
    }

    private void after(long millis, Runnable event) {
        environment.world(Duration.ofMillis(millis).toNanos(), event);
    }

    /** An attempt begins. */
    void seen(URI uri) {
        String brought = uri.getPath() + "?" + uri.getQuery();
        if (paths.contains(uri.getPath()) && !unused.remove(brought)) {
            broken.accept(brought + " is no token that was given out and not used yet");
        }
    }
}
