// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim.deribit;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.holdfast.api.transport.CloseInfo;
import io.holdfast.client.sim.ModelWire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** The server's side of one connection: the rules a session must keep, and the faults it must live with. */
final class DeribitPeer implements ModelWire.Peer {
    private static final Duration GRACE = Duration.ofSeconds(10);

    final DeribitModel model;
    final ModelWire wire;
    final long number;
    final String client;

    /** What this connection is slower than the fastest, nanoseconds. */
    long lag;

    final Set<String> subscribed = new LinkedHashSet<>();

    /** How often each channel was asked for without being given back in between. */
    final Map<String, Integer> askedTwice = new LinkedHashMap<>();

    final List<String> methods = new ArrayList<>();
    int cutAfterRequests = -1;
    boolean loggedIn;
    private boolean ended;
    private boolean halfOpen;
    private boolean tokenGone;
    private long interval;
    private long asked;
    private final Set<String> mute = new LinkedHashSet<>();
    private final Set<String> skipNext = new LinkedHashSet<>();

    DeribitPeer(DeribitModel model, ModelWire wire, long number, String client) {
        this.model = model;
        this.wire = wire;
        this.number = number;
        this.client = client;
    }

    // --- faults

    void goHalfOpen() {
        halfOpen = true;
    }

    boolean silent() {
        return halfOpen || ended;
    }

    /** The channel sends no more, and nobody is told. */
    void silence(String channel) {
        mute.add(channel);
    }

    /** One message of the channel is lost. */
    void loseOne(String channel) {
        skipNext.add(channel);
    }

    /** The log-in does not hold any more. */
    void forgetLogIn() {
        tokenGone = true;
        loggedIn = false;
    }

    @Override
    public void closed(int code) {
        model.end(this, new CloseInfo(CloseInfo.Kind.HANDSHAKE, code, ""));
    }

    @Override
    public void aborted() {
        gone();
        model.open.remove(this);
    }

    void gone() {
        ended = true;
    }

    void cut() {
        model.end(this, new CloseInfo(CloseInfo.Kind.LOST, 1006, "reset"));
    }

    void close(int code) {
        model.end(this, new CloseInfo(CloseInfo.Kind.HANDSHAKE, code, "bye"));
    }

    // --- requests

    @Override
    public void pong(String payload) {
        throw new IllegalStateException("Deribit sends no pings");
    }

    @Override
    public void receive(String text) {
        if (ended || halfOpen) {
            return;
        }
        if (cutAfterRequests >= 0 && cutAfterRequests-- == 0) {
            cut();
            return;
        }
        JsonObject request = JsonParser.parseString(text).getAsJsonObject();
        String id = request.get("id").toString();
        String method = request.get("method").getAsString();
        if (!method.equals("public/test")) {
            methods.add(method);
        }
        if (model.unanswered.filter(method::equals).isPresent()) {
            return;
        }
        Integer error = model.errors.remove(method);
        if (error != null) {
            error(id, error, "as told");
            return;
        }
        JsonElement params = request.get("params");
        answer(id, method, params == null ? new JsonObject() : params.getAsJsonObject());
    }

    private void answer(String id, String method, JsonObject params) {
        if (method.startsWith("private/") && !loggedIn) {
            if (method.equals("private/subscribe") && !tokenGone) {
                model.violations.add("private channels are asked for before the log-in");
            }
            error(id, 13009, "unauthorized");
            return;
        }
        switch (method) {
            case "public/hello" -> result(id, "{\"version\":\"1\"}");
            case "public/test" -> {
                asked = 0;
                result(id, "{\"version\":\"1\"}");
            }
            case "public/set_heartbeat" -> {
                boolean first = interval == 0;
                interval =
                        Duration.ofSeconds(params.get("interval").getAsLong()).toNanos();
                result(id, "\"ok\"");
                if (first) {
                    beat();
                }
            }
            case "public/auth" -> auth(id, params);
            case "public/subscribe", "private/subscribe" -> subscribe(id, params);
            case "public/unsubscribe", "private/unsubscribe" -> {
                List<String> given = new ArrayList<>();
                for (String c : channels(params)) {
                    askedTwice.remove(c);
                    mute.remove(c);
                    if (subscribed.remove(c)) {
                        given.add(c);
                    }
                }
                result(id, list(given));
            }
            case "private/buy" -> {
                model.orders++;
                result(id, "{\"order\":{\"order_id\":9007199254740993}}");
            }
            default -> result(id, "\"ok\"");
        }
    }

    private void auth(String id, JsonObject params) {
        if (params.get("grant_type").getAsString().equals("client_credentials")
                && !params.get("client_secret").getAsString().equals("right")) {
            error(id, 13004, "invalid_credentials");
            return;
        }
        long seconds = model.expiresIn;
        String result = "{\"access_token\":\"a\",\"refresh_token\":\"r\",\"expires_in\":" + seconds
                + ",\"token_type\":\"bearer\"}";
        after(() -> {
            loggedIn = true;
            tokenGone = false;
            send("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result
                    + ",\"usIn\":1,\"usOut\":2,\"usDiff\":1,\"testnet\":true}");
        });
    }

    private static List<String> channels(JsonObject params) {
        List<String> names = new ArrayList<>();
        params.getAsJsonArray("channels").forEach(e -> names.add(e.getAsString()));
        return names;
    }

    private void subscribe(String id, JsonObject params) {
        List<String> names = channels(params);
        if (!loggedIn && !tokenGone && names.stream().anyMatch(n -> n.endsWith(".raw"))) {
            model.violations.add("raw channels are asked for before the log-in");
        }
        if (!loggedIn && names.stream().anyMatch(n -> n.endsWith(".raw"))) {
            error(id, 13778, "raw_subscriptions_not_available_for_unauthorized");
            return;
        }
        List<String> accepted = new ArrayList<>();
        for (String name : names) {
            if (!model.unknownChannels.contains(name)) {
                accepted.add(name);
            }
        }
        after(() -> {
            List<String> fresh = new ArrayList<>();
            for (String name : accepted) {
                if (subscribed.add(name)) {
                    fresh.add(name);
                } else {
                    askedTwice.merge(name, 1, Integer::sum);
                }
            }
            send("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + list(accepted)
                    + ",\"usIn\":1,\"usOut\":2,\"usDiff\":1,\"testnet\":true}");
            fresh.forEach(this::publish);
        });
    }

    private String list(List<String> names) {
        List<String> shuffled = new ArrayList<>(names);
        Collections.shuffle(shuffled, new Random(model.environment.random().nextLong()));
        return shuffled.stream().map(n -> "\"" + n + "\"").toList().toString();
    }

    private void result(String id, String result) {
        after(() -> send("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result
                + ",\"usIn\":1,\"usOut\":2,\"usDiff\":1,\"testnet\":true}"));
    }

    private void error(String id, int code, String message) {
        after(() -> {
            send("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"error\":{\"code\":" + code + ",\"message\":\"" + message
                    + "\"},\"testnet\":true}");
            if (code == 10028) {
                model.environment.world(2 * ModelWire.LATENCY, this::cut);
            }
        });
    }

    private void after(Runnable answering) {
        long delay = 1 + model.environment.random().nextLong(model.slowest.toNanos());
        model.environment.world(delay, () -> {
            if (!ended && !halfOpen) {
                answering.run();
            }
        });
    }

    // --- what it sends by itself

    private void beat() {
        model.environment.world(interval + Duration.ofMillis(600).toNanos(), () -> {
            if (ended || halfOpen) {
                return;
            }
            if (asked != 0 && model.environment.nanoTime() - asked > GRACE.toNanos()) {
                close(4000);
                return;
            }
            asked = model.environment.nanoTime();
            send("{\"params\":{\"type\":\"test_request\"},\"method\":\"heartbeat\",\"jsonrpc\":\"2.0\"}");
            beat();
        });
    }

    private void publish(String channel) {
        if (channel.startsWith("book.")) {
            send(data(
                    channel,
                    "{\"type\":\"snapshot\",\"change_id\":" + model.changeIds.computeIfAbsent(channel, c -> 100L)
                            + ",\"bids\":[]}"));
        }
        if (!model.oneFeed) {
            next(channel);
        }
    }

    private void next(String channel) {
        model.environment.world(1 + model.environment.random().nextLong(model.messageEvery), () -> {
            if (ended || halfOpen || !subscribed.contains(channel)) {
                return;
            }
            if (!mute.contains(channel)) {
                if (skipNext.remove(channel)) {
                    model.changeIds.merge(channel, 7L, Long::sum);
                }
                send(message(model, channel));
            }
            next(channel);
        });
    }

    static String message(DeribitModel model, String channel) {
        if (!channel.startsWith("book.")) {
            long trade = model.trades.merge(channel, 1L, Long::sum);
            return data(channel, "{\"trade_id\":\"9007199254740993\",\"trade_seq\":" + trade + ",\"price\":1.0002e6}");
        }
        long before = model.changeIds.computeIfAbsent(channel, c -> 100L);
        long now = before + 1 + model.environment.random().nextInt(9);
        model.changeIds.put(channel, now);
        return data(
                channel,
                "{\"type\":\"change\",\"prev_change_id\":" + before + ",\"change_id\":" + now + ",\"bids\":[]}");
    }

    private static String data(String channel, String data) {
        return "{\"jsonrpc\":\"2.0\",\"method\":\"subscription\",\"params\":{\"channel\":\"" + channel + "\",\"data\":"
                + data + "}}";
    }

    void send(String text) {
        if (!ended && !halfOpen) {
            model.environment.world(ModelWire.LATENCY + lag, () -> wire.message(text));
        }
    }
}
