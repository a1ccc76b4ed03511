// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client;

import io.holdfast.api.client.ClientState;
import io.holdfast.api.client.NotOpenException;
import io.holdfast.api.client.OutboundFullException;
import io.holdfast.api.client.SendLimitException;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.exchange.Answer;
import io.holdfast.api.exchange.Call;
import io.holdfast.api.exchange.CallFailedException;
import io.holdfast.api.exchange.CallFailedException.Outcome;
import io.holdfast.client.pool.Scores;
import io.holdfast.client.pool.Scores.Standing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Sends by the best of several clients: one that is {@link ClientState#READY}, and of these the one with the highest score
 * (few requests under way, short round trips, no errors in the last 60 s); equal ones take turns. Clients that are not ready are
 * never asked. The clients stay their owners': a pool starts and ends none, and needs no end itself.
 *
 * <p>When a client could not send, the next one is tried. What may have been sent is sent again only when the caller says that
 * it does no harm: a request that timed out may have been carried out.
 *
 * <pre>{@code
 * ClientPool pool = ClientPool.of(List.of(first, second));
 * pool.call(Call.of("public/get_time", ""), ClientPool.Repeat.IF_UNKNOWN);
 * }</pre>
 *
 * <p>Every method may be called from any thread and returns at once. Stages complete where those of the clients do.
 */
@ProviderType
public final class ClientPool {
    /** Whether something may be done twice. */
    public enum Repeat {
        /** What may have been sent is not sent again. */
        NEVER,
        /** Idempotent: the next client is tried also when nobody knows what became of it. */
        IF_UNKNOWN
    }

    /**
     * A member in one moment.
     *
     * @param score from 10 to 100; only that of ready members matters
     * @param pending requests of this pool under way
     * @param requests requests of this pool given to it
     * @param errors of the last 60 s, up to 2; none after a success
     * @param roundTrip mean of this pool's requests, newer ones weighing more; zero before the first
     */
    public record Member(
            String id, ClientState state, int score, int pending, long requests, int errors, Duration roundTrip) {}

    /**
     * Figures over the pool's life.
     *
     * @param requests what was asked of the pool
     * @param failovers how often the next client was tried
     * @param failed requests that no client could do
     */
    public record Figures(long requests, long failovers, long failed) {}

    private final Supplier<? extends Collection<? extends WebSocketClient>> members;
    private final LongSupplier clock;
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong failovers = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    /** Guarded by itself; nothing foreign is called while it is held. */
    private final Scores scores = new Scores();

    private ClientPool(Supplier<? extends Collection<? extends WebSocketClient>> members, LongSupplier clock) {
        this.members = Objects.requireNonNull(members);
        this.clock = clock;
    }

    /** Of these clients. */
    public static ClientPool of(Collection<? extends WebSocketClient> clients) {
        List<WebSocketClient> fixed = List.copyOf(clients);
        return new ClientPool(() -> fixed, System::nanoTime);
    }

    /**
     * Of the clients there are at each request, for instance services that come and go.
     *
     * @param clients called on the requesting thread; must return at once
     */
    public static ClientPool of(Supplier<? extends Collection<? extends WebSocketClient>> clients) {
        return new ClientPool(clients, System::nanoTime);
    }

    /** Sends a text message, not again when it may have left. */
    public CompletionStage<Void> send(CharSequence text) {
        return send(text, Repeat.NEVER);
    }

    /**
     * Sends a text message.
     *
     * @return completes as {@link WebSocketClient#send(CharSequence)}; fails with the last client's reason, or with {@link
     *     IllegalStateException} when no client is ready
     */
    public CompletionStage<Void> send(CharSequence text, Repeat repeat) {
        String kept = text.toString();
        return new Request<>(client -> client.send(kept), ClientPool::notHandedOver, repeat).begin(c -> true);
    }

    private static boolean notHandedOver(Throwable failure) {
        return failure instanceof OutboundFullException
                || failure instanceof SendLimitException
                || failure instanceof NotOpenException n && !n.handedOver();
    }

    /** Sends a request, not again when it may have been carried out. */
    public CompletionStage<Answer> call(Call call) {
        return call(call, Repeat.NEVER);
    }

    /**
     * Sends a request by a client with an exchange plugin.
     *
     * @return completes as {@link io.holdfast.api.exchange.Exchange#call}; fails with the last client's {@link
     *     CallFailedException}, or with {@link IllegalStateException} when no client is ready
     */
    public CompletionStage<Answer> call(Call call, Repeat repeat) {
        Objects.requireNonNull(call);
        return new Request<>(
                        client -> client.exchange().orElseThrow().call(call),
                        failure -> failure instanceof CallFailedException f && f.outcome() == Outcome.NOT_SENT,
                        repeat)
                .begin(client -> client.exchange().isPresent());
    }

    /** The members and what is known of them, by id. */
    public List<Member> members() {
        List<Member> shown = new ArrayList<>();
        long now = clock.getAsLong();
        Map<String, WebSocketClient> clients = byId();
        synchronized (scores) {
            clients.forEach((id, client) -> {
                Standing s = scores.standing(id, now);
                shown.add(new Member(
                        id,
                        client.state(),
                        s.score(),
                        s.pending(),
                        s.requests(),
                        s.errors(),
                        Duration.ofNanos(s.roundTripNanos())));
            });
        }
        return List.copyOf(shown);
    }

    public Figures figures() {
        return new Figures(requests.get(), failovers.get(), failed.get());
    }

    private Map<String, WebSocketClient> byId() {
        Map<String, WebSocketClient> all = new LinkedHashMap<>();
        members.get().forEach(c -> all.put(c.id(), c));
        return all;
    }

    /** One request on its way from client to client. */
    private final class Request<T> {
        private final Function<WebSocketClient, CompletionStage<T>> ask;
        private final Predicate<Throwable> notSent;
        private final Repeat repeat;
        private final CompletableFuture<T> result = new CompletableFuture<>();
        private Map<String, WebSocketClient> clients;
        private List<String> order;

        private Request(
                Function<WebSocketClient, CompletionStage<T>> ask, Predicate<Throwable> notSent, Repeat repeat) {
            this.ask = ask;
            this.notSent = notSent;
            this.repeat = Objects.requireNonNull(repeat);
        }

        private CompletionStage<T> begin(Predicate<WebSocketClient> able) {
            requests.incrementAndGet();
            clients = byId();
            List<String> ready = new ArrayList<>();
            clients.forEach((id, client) -> {
                if (client.state() == ClientState.READY && able.test(client)) {
                    ready.add(id);
                }
            });
            synchronized (scores) {
                order = scores.order(clients.keySet(), ready, clock.getAsLong());
            }
            attempt(0, null);
            return result.minimalCompletionStage();
        }

        private void attempt(int number, Throwable last) {
            if (number == order.size()) {
                failed.incrementAndGet();
                result.completeExceptionally(last == null ? nobody() : last);
                return;
            }
            if (number > 0) {
                failovers.incrementAndGet();
            }
            String id = order.get(number);
            long began = clock.getAsLong();
            synchronized (scores) {
                scores.began(id);
            }
            CompletionStage<T> stage;
            try {
                stage = ask.apply(clients.get(id));
            } catch (RuntimeException e) {
                stage = CompletableFuture.failedStage(e);
            }
            stage.whenComplete((value, thrown) -> {
                if (thrown == null) {
                    synchronized (scores) {
                        scores.succeeded(id, clock.getAsLong() - began);
                    }
                    result.complete(value);
                } else {
                    over(number, cause(thrown));
                }
            });
        }

        private void over(int number, Throwable failure) {
            String id = order.get(number);
            boolean answered = failure instanceof CallFailedException f && f.outcome() == Outcome.REFUSED;
            synchronized (scores) {
                if (answered) {
                    scores.answered(id);
                } else {
                    scores.failed(id, clock.getAsLong());
                }
            }
            if (!answered && (notSent.test(failure) || repeat == Repeat.IF_UNKNOWN)) {
                attempt(number + 1, failure);
            } else {
                failed.incrementAndGet();
                result.completeExceptionally(failure);
            }
        }

        private IllegalStateException nobody() {
            return new IllegalStateException("no client of the pool is ready: " + members());
        }
    }

    private static Throwable cause(Throwable thrown) {
        return thrown instanceof CompletionException c && c.getCause() != null ? c.getCause() : thrown;
    }
}
