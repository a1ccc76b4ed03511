// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.holdfast.api.client.Cause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** The server's side of one connection's session: log-in, subscriptions and calls as Deribit has them. */
final class SimulatedSession {
    private static final String REFUSAL = "as told";
    private static final Duration SLOWEST_ANSWER = Duration.ofMillis(60);

    private final SimulatedPeer peer;
    private final SimulatedServer server;
    private final VirtualEnvironment environment;

    /** What the server sends now. */
    final Set<String> subscribed = new LinkedHashSet<>();

    private final Map<String, NumberedFrame> last = new LinkedHashMap<>();

    /** How often each channel was asked for, whatever the answer was. */
    private final Map<String, Long> times = new LinkedHashMap<>();

    private final Set<String> mute = new LinkedHashSet<>();
    private final Set<String> loseNext = new LinkedHashSet<>();
    private boolean loggedIn;

    /** The log-in held once, and was taken away. */
    private boolean tokenGone;

    /** A request that is not a user's is never answered, however long the process is given. */
    private boolean owesAnswer;

    SimulatedSession(SimulatedPeer peer) {
        this.peer = peer;
        this.server = peer.server;
        this.environment = server.environment;
    }

    // --- faults

    /** The log-in holds no more, and with it the private channels; nobody is told. */
    void forgetLogIn() {
        if (loggedIn) {
            loggedIn = false;
            tokenGone = true;
            subscribed.removeIf(c -> c.startsWith("user."));
        }
    }

    void loseOne(String channel) {
        loseNext.add(channel);
    }

    /** Until it is given back. */
    void silence(String channel) {
        mute.add(channel);
    }

    /**
     * Whether the server gave cause for the verdict with a request of the set-up. That it has been good for long since makes no
     * difference: what it has not answered it never does, and a refusal may have waited to be read.
     */
    boolean explains(Cause cause) {
        boolean unanswered = owesAnswer && cause.message().contains("not answered");
        return cause.kind() == Cause.Kind.SETUP
                && (unanswered || cause.message().contains(REFUSAL));
    }

    /** The process could not read an answer. */
    void unread() {
        owesAnswer = true;
    }

    // --- requests

    void receive(String text) {
        JsonObject request = JsonParser.parseString(text).getAsJsonObject();
        String id = request.get("id").toString();
        String method = request.get("method").getAsString();
        JsonObject params = request.has("params") ? request.getAsJsonObject("params") : new JsonObject();
        if (server.lostAnswers.remove(method)) {
            peer.troubled();
            owesAnswer |= !method.equals(SessionFaults.CALL);
            return;
        }
        if (method.endsWith("/subscribe")) {
            channels(params).forEach(c -> times.merge(c, 1L, Long::sum));
        }
        Integer error = server.errors.remove(method);
        if (error != null) {
            peer.troubled();
            error(id, error, REFUSAL);
        } else if (method.startsWith("private/") && !loggedIn) {
            if (method.equals("private/subscribe") && !tokenGone) {
                server.broken.accept(peer.name + ": private channels are asked for before the log-in");
            }
            error(id, 13009, "unauthorized");
        } else {
            answer(id, method, params);
        }
    }

    private void answer(String id, String method, JsonObject params) {
        switch (method) {
            case "public/auth" ->
                after(() -> {
                    loggedIn = true;
                    tokenGone = false;
                    result(
                            id,
                            "{\"access_token\":\"a\",\"refresh_token\":\"r\",\"expires_in\":300,\"token_type\":\"bearer\"}");
                });
            case "public/subscribe", "private/subscribe" -> subscribe(id, channels(params));
            case "public/unsubscribe", "private/unsubscribe" ->
                after(() -> {
                    List<String> given = new ArrayList<>();
                    for (String channel : channels(params)) {
                        mute.remove(channel);
                        if (subscribed.remove(channel)) {
                            given.add(channel);
                        }
                    }
                    result(id, list(given));
                });
            default ->
                after(() -> {
                    result(id, params.toString());
                    if (method.equals(SessionFaults.CALL) && !peer.isHalfOpen()) {
                        server.onCallAnswered.accept(peer.connection.clientId(), params.toString());
                    }
                });
        }
    }

    private void subscribe(String id, List<String> names) {
        boolean raw = names.stream().anyMatch(n -> n.endsWith(".raw") && !n.startsWith("user."));
        if (raw && !loggedIn) {
            if (!tokenGone) {
                server.broken.accept(peer.name + ": raw channels are asked for before the log-in");
            }
            error(id, 13778, "raw_subscriptions_not_available_for_unauthorized");
            return;
        }
        after(() -> {
            List<String> accepted =
                    names.stream().filter(n -> !server.leftOut.contains(n)).toList();
            List<String> fresh = accepted.stream().filter(subscribed::add).toList();
            result(id, list(accepted));
            fresh.forEach(this::begin);
        });
    }

    private static List<String> channels(JsonObject params) {
        List<String> names = new ArrayList<>();
        params.getAsJsonArray("channels").forEach(e -> names.add(e.getAsString()));
        return names;
    }

    private String list(List<String> names) {
        List<String> shuffled = new ArrayList<>(names);
        Collections.shuffle(shuffled, new Random(environment.random().nextLong()));
        return shuffled.stream().map(n -> "\"" + n + "\"").toList().toString();
    }

    private void result(String id, String result) {
        peer.say("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + ",\"testnet\":true}");
    }

    private void error(String id, int code, String message) {
        after(() -> {
            peer.say("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"error\":{\"code\":" + code + ",\"message\":\"" + message
                    + "\"},\"testnet\":true}");
            if (code == 10028) {
                environment.world(Duration.ofMillis(5).toNanos(), peer::cut);
            }
        });
    }

    /** Answers take their time, each its own, so that they come in another order. */
    private void after(Runnable answering) {
        environment.world(1 + environment.random().nextLong(SLOWEST_ANSWER.toNanos()), () -> {
            if (!peer.ended) {
                answering.run();
            }
        });
    }

    // --- data

    private void begin(String channel) {
        SimulatedFeed feed = server.feed(channel);
        if (!server.isQuiet()) {
            String snapshot = feed.snapshot();
            if (!snapshot.isEmpty()) {
                data(channel, snapshot + ",\"times\":" + times.get(channel));
            }
        }
        feed.begin();
    }

    /** One more message of some channel. */
    void publishAny() {
        if (!subscribed.isEmpty()) {
            List<String> names = List.copyOf(subscribed);
            server.feed(names.get(environment.random().nextInt(names.size()))).publish();
        }
    }

    /** @param members of the data */
    void publish(String channel, String members) {
        if (!mute.contains(channel) && !loseNext.remove(channel)) {
            data(channel, members);
        }
    }

    private void data(String channel, String members) {
        long place = sentOf(channel).map(NumberedFrame::place).orElse(0L) + 1;
        peer.publishes("\"jsonrpc\":\"2.0\",\"method\":\"subscription\",\"params\":{\"channel\":\"" + channel
                        + "\",\"data\":{" + members + ",\"place\":" + place + "}}")
                .ifPresent(text -> last.put(channel, NumberedFrame.of(text)));
    }

    /** The last message of the channel on this connection. */
    Optional<NumberedFrame> sentOf(String channel) {
        return Optional.ofNullable(last.get(channel));
    }

    /** Of each channel the last message on this connection. */
    Collection<NumberedFrame> newest() {
        return last.values();
    }
}
