// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.exchange.Failure;
import io.holdfast.api.exchange.Prepared;
import io.holdfast.api.exchange.SessionContext;
import io.holdfast.api.transport.Secret;
import io.holdfast.client.core.Input;
import io.holdfast.client.engine.ExchangeBinding.Bound;
import io.holdfast.client.engine.PluginLane.Result;
import io.holdfast.client.lanes.Environment;
import io.holdfast.client.lanes.Environment.Cancellable;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The preparations of attempts under way: of the current connection's and of that beside it. A plugin that is replaced
 * meanwhile costs nothing but time: its successor is asked. Confined to the mailbox.
 */
final class Preparations {
    private static final int CLASSES_SHOWN = 3;

    private final EngineServices services;
    private final Environment environment;
    private final ExchangeBinding binding;
    private final PluginLane lane;
    private final Executor mailbox;
    private final Supplier<ClientOptions> options;
    private final SessionContexts contexts;

    /** By the connection that waits for it; at most two. */
    private final Map<Connection, Run> runs = new IdentityHashMap<>(2);

    Preparations(
            EngineServices services,
            ExchangeBinding binding,
            PluginLane lane,
            Executor mailbox,
            Supplier<ClientOptions> options,
            SessionContexts contexts) {
        this.services = services;
        this.environment = services.environment();
        this.binding = binding;
        this.lane = lane;
        this.mailbox = mailbox;
        this.options = options;
        this.contexts = contexts;
    }

    /** Whether an attempt has to wait for the plugin's word. */
    boolean needed() {
        return binding.prepares();
    }

    /**
     * Exactly one of the last two is called, on the mailbox, unless the connection is given up before.
     *
     * @param credentials all that are known under the client's name
     * @param deadline of the whole attempt, monotonic nanoseconds
     * @param failed gets what the machine is to be told
     */
    void prepare(
            Connection connection,
            Map<String, Secret> credentials,
            long deadline,
            Consumer<Prepared.To> ready,
            Consumer<Input> failed) {
        Run run = new Run(connection, credentials, deadline, ready, failed);
        runs.put(connection, run);
        run.ask();
    }

    /** Nobody waits for it any more; what comes is let go. */
    void giveUp(Connection connection) {
        Run run = runs.remove(connection);
        if (run != null) {
            run.stop();
        }
    }

    /** There is another protocol, or none. */
    void bindingChanged() {
        for (Run run : List.copyOf(runs.values())) {
            run.askAgain();
        }
    }

    void end() {
        runs.values().forEach(Run::stop);
        runs.clear();
    }

    /** What a stage holds of us: nothing, once it is not waited for. */
    private static final class Waiter {
        private final AtomicReference<Run> run;

        private Waiter(Run run) {
            this.run = new AtomicReference<>(run);
        }

        /** On the plugin's thread. */
        private void arrived(Prepared value, Throwable error) {
            Run to = run.getAndSet(null);
            if (to != null) {
                String trouble = error != null ? classes(error) : value == null ? "the plugin gave nothing" : "";
                to.post(() -> to.answered(this, value, trouble));
            }
        }
    }

    private final class Run {
        private final Connection connection;
        private final Map<String, Secret> credentials;
        private final long deadline;
        private final Consumer<Prepared.To> ready;
        private final Consumer<Input> failed;
        private Cancellable limit = Cancellable.NONE;

        /** Who was asked; null while there is nobody. */
        private Bound asked;

        /** Null when nothing is waited for. */
        private Waiter waiter;

        private Run(
                Connection connection,
                Map<String, Secret> credentials,
                long deadline,
                Consumer<Prepared.To> ready,
                Consumer<Input> failed) {
            this.connection = connection;
            this.credentials = credentials;
            this.deadline = deadline;
            this.ready = ready;
            this.failed = failed;
        }

        private void post(Runnable task) {
            mailbox.execute(task);
        }

        private void askAgain() {
            if (asked != binding.now().orElse(null)) {
                ask();
            }
        }

        private void ask() {
            stop();
            asked = binding.now().orElse(null);
            ClientOptions now = options.get();
            if (asked == null) {
                limit(now.exchangeWait(), "there is no exchange plugin of type '" + now.exchangeType() + "'");
            } else if (asked.preparation().isEmpty()) {
                done(Prepared.To.of(now.uri()));
            } else {
                ask(asked, now.uri(), left(now.connectTimeout()));
            }
        }

        private void ask(Bound of, URI uri, Duration most) {
            Waiter here = new Waiter(this);
            waiter = here;
            SessionContext context = contexts.of(connection.number, credentials, Map.of(), contexts.nonce());
            lane.call(
                    "preparation of the exchange plugin",
                    most,
                    () -> begin(of, uri, context, here),
                    (Result<String> result) -> begun(of, here, result, most));
        }

        private void begun(Bound of, Waiter here, Result<String> result, Duration most) {
            String late = "no answer within " + most.toMillis() + " ms";
            if (result instanceof Result.Fault<String> f) {
                // It did not return.
                if (waiter == here) {
                    fail(late);
                }
                binding.hung(of, f.description());
                return;
            }
            binding.prepared(of);
            if (waiter == here && result instanceof Result.Value<String> v) {
                if (v.value().isEmpty()) {
                    limit(most, late);
                } else {
                    fail(v.value());
                }
            }
        }

        private Duration left(Duration wish) {
            Duration left = Duration.ofNanos(Math.max(0, deadline - environment.nanoTime()));
            // What was granted is counted for a window; whoever is later would not be counted in between.
            Duration window =
                    services.endpoints().window(options.get().uri().getHost()).dividedBy(2);
            Duration most = left.compareTo(window) < 0 ? left : window;
            return most.compareTo(wish) < 0 ? most : wish;
        }

        private void limit(Duration wish, String then) {
            limit = environment.schedule(left(wish).toNanos(), () -> mailbox.execute(() -> expired(then)));
        }

        private void expired(String why) {
            if (runs.get(connection) == this) {
                fail(why);
            }
        }

        private void answered(Waiter from, Prepared value, String trouble) {
            if (from != waiter) {
                return;
            }
            if (!trouble.isEmpty()) {
                fail(trouble);
            } else if (value instanceof Prepared.To to) {
                Destination.refusal(options.get(), to.uri(), services.endpoints()::together)
                        .ifPresentOrElse(this::fail, () -> done(to));
            } else if (value instanceof Prepared.Failed f) {
                fail(f.failure());
            }
        }

        private void done(Prepared.To to) {
            giveUp(connection);
            ready.accept(to);
        }

        private void fail(Failure failure) {
            String words = "prepare: " + Text.shown(failure.toString());
            switch (failure.act()) {
                case REFUSED -> fail(Input.Judgement.REFUSED, Cause.of(Cause.Kind.REFUSED, words), failure.pause());
                case WAIT -> fail(Input.Judgement.WAIT, Cause.of(Cause.Kind.LIMITED, words), failure.pause());
                default -> fail(Input.Judgement.RETRY, Cause.of(Cause.Kind.PREPARE, words), Duration.ZERO);
            }
        }

        private void fail(String why) {
            fail(Input.Judgement.RETRY, Cause.of(Cause.Kind.PREPARE, "prepare: " + why), Duration.ZERO);
        }

        private void fail(Input.Judgement judgement, Cause cause, Duration pause) {
            giveUp(connection);
            failed.accept(new Input.Judged(connection.number, judgement, cause, pause));
        }

        private void stop() {
            limit.cancel();
            limit = Cancellable.NONE;
            if (waiter != null) {
                waiter.run.set(null);
                waiter = null;
            }
        }
    }

    /** In the lane. @return what went wrong at once; empty if nothing, or if the plugin left, whose successor is asked */
    private static String begin(Bound of, URI uri, SessionContext context, Waiter waiter) {
        if (of.gone() || waiter.run.get() == null) {
            // Its going waits only for calls that have begun. Nobody waits for what was given up before its turn.
            return "";
        }
        try {
            CompletionStage<Prepared> stage = of.preparation().orElseThrow().prepare(uri, context);
            if (stage == null) {
                return "the plugin gave nothing";
            }
            stage.whenComplete(waiter::arrived);
            return "";
        } catch (Exception | LinkageError | StackOverflowError e) {
            return classes(e);
        }
    }

    /** Of foreign throwables nothing but the names: their texts may hold the token, as that of an address that cannot be read. */
    private static String classes(Throwable error) {
        List<String> names = new ArrayList<>();
        try {
            for (Throwable t = error; t != null && names.size() < CLASSES_SHOWN; t = t.getCause()) {
                names.add(t.getClass().getName());
            }
        } catch (Exception | LinkageError | StackOverflowError e) {
            // Its maker may have overridden getCause.
            names.add("(its own description failed)");
        }
        return "failed with " + String.join(", by ", names);
    }
}
