// SPDX-License-Identifier: Apache-2.0
package io.holdfast.examples.strategy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ClientState;
import io.holdfast.api.client.Continuity;
import io.holdfast.api.client.Message;
import io.holdfast.api.client.MessageListener;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.transport.Secret;
import io.holdfast.client.Holdfast;
import io.holdfast.exchange.deribit.DeribitCalls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A strategy's side of a Deribit session: it authenticates, follows the book, the trades and its own orders of one instrument,
 * and after each loss of the connection asks for its open orders before it trusts itself again. The engine does the rest on every
 * connection: heartbeat, log-in, subscriptions, numbering of the book.
 *
 * <p>Arguments: the address, the id and the file with the secret of an API key, and further options as {@code name=value}. It runs
 * until its standard input ends.
 */
public final class DeribitStrategy implements MessageListener, AutoCloseable {
    private static final String INSTRUMENT = "BTC-PERPETUAL";
    private static final String BOOK = "book." + INSTRUMENT + ".raw";
    private static final String TRADES = "trades." + INSTRUMENT + ".raw";
    private static final String ORDERS = "user.orders." + INSTRUMENT + ".raw";

    private final OpenOrders orders = new OpenOrders();
    private final AtomicLong bookChanges = new AtomicLong();
    private final AtomicLong trades = new AtomicLong();
    private final AtomicInteger reconciled = new AtomicInteger();

    /** The book is whole: nothing was missing since its last snapshot. Of the listener's lane, as its calls are one after another. */
    private volatile boolean bookWhole;

    private final WebSocketClient client;
    private final CountDownLatch made = new CountDownLatch(1);

    DeribitStrategy(Holdfast holdfast, ClientOptions options) {
        client = holdfast.clients().open(options, this);
        made.countDown();
    }

    static ClientOptions.Builder options(String uri) {
        return ClientOptions.uri(uri)
                .id("strategy")
                .heartbeat("deribit", Map.of("interval", "30s"))
                .option("credentials", "deribit-api")
                // A signature goes over the wire, the secret never does; orders do not outlive the connection.
                .exchange("deribit", Map.of("auth", "client_signature", "cancel.on.disconnect", "connection"))
                .option("exchange.channels", List.of(BOOK, TRADES, ORDERS))
                .option("reconnect.attempts", "0");
    }

    public static void main(String[] args) throws Exception {
        ClientOptions.Builder options = options(args[0]);
        for (int i = 3; i < args.length; i++) {
            int equals = args[i].indexOf('=');
            options.option(args[i].substring(0, equals), args[i].substring(equals + 1));
        }
        char[] secret = Files.readString(Path.of(args[2])).strip().toCharArray();
        try (Holdfast holdfast = Holdfast.start()) {
            holdfast.addCredentials(name -> Map.of(
                    "exchange.client.id",
                    Secret.of(args[1].toCharArray()),
                    "exchange.client.secret",
                    Secret.of(secret)));
            try (DeribitStrategy strategy = new DeribitStrategy(holdfast, options.build())) {
                strategy.client.opened().toCompletableFuture().get(1, TimeUnit.MINUTES);
                while (System.in.read() >= 0) {
                    System.out.println(strategy);
                }
            }
        }
    }

    /** Whether a decision may be based on what is known. */
    boolean mayTrade() {
        return bookWhole && orders.known();
    }

    int reconciliations() {
        return reconciled.get();
    }

    long bookChanges() {
        return bookChanges.get();
    }

    long trades() {
        return trades.get();
    }

    WebSocketClient client() {
        return client;
    }

    // --- called one after another, in this order, in a lane of our own: it may take its time

    @Override
    public void onMessage(Message message) {
        if (!(JsonParser.parseString(message.text()) instanceof JsonObject frame) || !frame.has("params")) {
            return;
        }
        JsonObject params = frame.getAsJsonObject("params");
        JsonElement data = params.get("data");
        switch (params.has("channel") ? params.get("channel").getAsString() : "") {
            case BOOK -> book(data.getAsJsonObject());
            case TRADES -> trades.incrementAndGet();
            case ORDERS -> orders.update(data);
            default -> {
                // nothing we asked for
            }
        }
    }

    private void book(JsonObject change) {
        if (change.has("type") && change.get("type").getAsString().equals("snapshot")) {
            bookWhole = true;
        } else {
            bookChanges.incrementAndGet();
        }
    }

    /** Told in its place among the messages: before the first message that comes after what is missing. */
    @Override
    public void onContinuity(Continuity event) {
        if (event instanceof Continuity.Joined) {
            // The first connection is still to come. What is open from earlier is asked for when it is there.
            orders.doubt();
            opened();
        } else if (event instanceof Continuity.Interrupted) {
            orders.doubt();
            bookWhole = false;
        } else if (event instanceof Continuity.Resumed resumed) {
            if (!resumed.unknown().isEmpty()) {
                System.out.println("of these nobody knows whether they were carried out: " + resumed.unknown());
            }
            reconcile();
        } else if (event instanceof Continuity.Gap gap
                && (gap.stream().isEmpty() || gap.stream().equals(BOOK))) {
            // The engine asks for the book anew by itself; a snapshot follows.
            bookWhole = false;
        }
    }

    private void opened() {
        try {
            made.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        client.opened().thenRun(this::reconcile);
    }

    /** Asks; what the channel says meanwhile is newer than the answer. */
    private void reconcile() {
        long asked = orders.asking();
        new DeribitCalls(client.exchange().orElseThrow())
                .call("private/get_open_orders", null)
                .whenComplete((list, failure) -> {
                    if (failure != null) {
                        System.out.println("open orders are not known: " + failure.getMessage());
                        again(asked);
                    } else if (orders.answered(asked, list.getAsJsonArray())) {
                        reconciled.incrementAndGet();
                    }
                });
    }

    /** After a loss the next connection asks; only a refusal on a living one is to be asked again here. */
    private void again(long asked) {
        CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS).execute(() -> {
            if (orders.asks(asked) && client.state() == ClientState.READY) {
                reconcile();
            }
        });
    }

    @Override
    public void close() throws Exception {
        client.close(1000, "done").toCompletableFuture().get(1, TimeUnit.MINUTES);
    }

    @Override
    public String toString() {
        return client.state() + ", may trade: " + mayTrade() + ", book changes " + bookChanges + ", trades " + trades
                + ", open orders " + orders.ids() + ", reconciled " + reconciled;
    }
}
