// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.exchange;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import io.holdfast.simulator.AcceptRecord.End;
import io.holdfast.simulator.ConnectionHandler;
import io.holdfast.simulator.Deribit;
import io.holdfast.simulator.Session;
import io.holdfast.simulator.internal.data.Feed;
import io.holdfast.simulator.internal.exchange.DeribitAnswer.Failure;
import io.holdfast.simulator.internal.fault.FaultRules.Rule;
import io.holdfast.simulator.internal.fault.FaultRules.Toggle;
import io.holdfast.simulator.internal.net.Connection;
import io.holdfast.simulator.internal.net.Frames;
import io.holdfast.simulator.internal.net.SlowReaderNotice;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One connection to the simulated Deribit: JSON-RPC requests in, answers and data out. Loop thread only. */
final class DeribitConnection implements ConnectionHandler, SlowReaderNotice {

    private static final int MAX_REQUEST = 32 * 1024;
    private static final double IDLE = 60.5;
    private static final int MAX_CHANNELS = 500;

    private final Scene scene;
    private final Connection connection;
    private final DeribitEndpoint endpoint;
    private final DeribitHeartbeat heartbeat;
    private final DeribitAccounts accounts;
    private final DeribitLogin login;
    private final AnswerOrder answers;
    private final Set<String> subscriptions = new LinkedHashSet<>();
    private String firstMethod = "";
    private int setHeartbeats;
    private long tests;
    private boolean replaying;
    private boolean ended;
    private boolean cancelsOnDisconnect;

    DeribitConnection(Scene scene, Connection connection, DeribitEndpoint endpoint, DeribitAccounts accounts) {
        this.scene = scene;
        this.connection = connection;
        this.endpoint = endpoint;
        heartbeat = new DeribitHeartbeat(scene, connection);
        this.accounts = accounts;
        answers = new AnswerOrder(scene, connection, this::send);
        login = new DeribitLogin(scene.options(), accounts, connection.number());
    }

    DeribitHeartbeat heartbeat() {
        return heartbeat;
    }

    boolean ended() {
        return ended;
    }

    Deribit.State state() {
        return new Deribit.State(
                setHeartbeats,
                firstMethod,
                heartbeat.interval(),
                heartbeat.sent(),
                heartbeat.answered(),
                heartbeat.awaiting(),
                tests,
                login.done(),
                Set.copyOf(subscriptions));
    }

    @Override
    public void onOpen(Session session) {
        connection.later(scene.units(IDLE), () -> {
            if (connection.counters().framesIn() == 0) {
                connection.fin(End.SERVER, "idle: nothing was ever sent");
            }
        });
    }

    @Override
    public void onEnd(Session session) {
        ended = true;
        endpoint.ended(heartbeat);
        login.ended();
        if (cancelsOnDisconnect) {
            endpoint.cancelled();
        }
        subscriptions.forEach(channel -> scene.feeds().unsubscribe(connection, channel));
    }

    @Override
    public void onText(Session session, String text) {
        long usIn = micros();
        if (text.getBytes(StandardCharsets.UTF_8).length > MAX_REQUEST) {
            send(DeribitFrames.error(null, -32600, "request entity too large", null, usIn, micros()));
            return;
        }
        JsonElement parsed;
        try {
            parsed = Json.parse(text);
        } catch (JsonParseException e) {
            send(DeribitFrames.error(null, 11050, "bad_request", "\"invalid json\"", usIn, micros()));
            return;
        }
        if (!(parsed instanceof JsonObject request)
                || Json.string(request, "method").isEmpty()) {
            send(DeribitFrames.error(null, -32600, "Invalid Request", null, usIn, micros()));
            return;
        }
        handle(request, usIn);
    }

    private void handle(JsonObject request, long usIn) {
        String method = Json.string(request, "method");
        if (firstMethod.isEmpty()) {
            firstMethod = method;
        }
        if (scene.faults().find(Toggle.WITHHOLD_ANSWERS, connection, method).isPresent()) {
            return;
        }
        String id = request.has("id") ? request.get("id").toString() : null;
        if (scene.options().deribitCredits()
                && !accounts.pay(login.done() ? scene.options().clientId() : "", method, System.nanoTime())) {
            send(DeribitFrames.error(id, 10028, "too_many_requests", null, usIn, micros()));
            connection.fin(End.SERVER, "out of credits");
            return;
        }
        Optional<Rule> failing = scene.faults().find(Toggle.FAIL_REQUESTS, connection, method);
        if (failing.isPresent()) {
            send(DeribitFrames.error(id, failing.get().code(), failing.get().message(), null, usIn, micros()));
            return;
        }
        try {
            String result = answer(method, Json.object(request, "params"), request);
            if (result != null) {
                answers.reply(method, DeribitFrames.result(id, result, usIn, micros()));
                afterAnswer(method);
            }
        } catch (Failure e) {
            answers.reply(method, DeribitFrames.error(id, e.code(), e.getMessage(), e.data(), usIn, micros()));
        }
    }

    /** @return the result as JSON text, or null for no answer */
    private String answer(String method, JsonObject params, JsonObject request) throws Failure {
        if (method.startsWith("private/") && !login.allows(params)) {
            throw DeribitAnswer.unauthorized();
        }
        return switch (method) {
            case "public/hello" -> "{\"version\":\"1.2.26\"}";
            case "public/test" -> test(params, request);
            case "public/get_time" -> Long.toString(micros() / 1000);
            case "public/status" -> "{\"locked\":\"false\",\"locked_indices\":[]}";
            case "public/set_heartbeat" -> setHeartbeat(params);
            case "public/disable_heartbeat" -> {
                heartbeat.stop();
                yield "\"ok\"";
            }
            case "public/auth" -> login.answer(params);
            case "public/subscribe" -> subscribe(params, false);
            case "private/subscribe" -> subscribe(params, true);
            case "public/unsubscribe", "private/unsubscribe" -> unsubscribe(params);
            case "public/unsubscribe_all", "private/unsubscribe_all" -> {
                drop(Set.copyOf(subscriptions));
                yield "\"ok\"";
            }
            case "public/get_instruments" -> DeribitFrames.INSTRUMENTS;
            case "private/get_open_orders", "private/get_positions" -> "[]";
            case "private/enable_cancel_on_disconnect", "private/disable_cancel_on_disconnect" -> {
                cancelsOnDisconnect = method.startsWith("private/enable");
                yield "\"ok\"";
            }
            case "private/get_cancel_on_disconnect" ->
                "{\"scope\":\"connection\",\"enabled\":" + cancelsOnDisconnect + "}";
            case "private/logout" -> {
                cancelsOnDisconnect = false;
                if (!(params.get("invalidate_token") instanceof JsonPrimitive p) || p.getAsBoolean()) {
                    login.invalidate();
                }
                connection.close(End.SERVER, 1000, "");
                yield null;
            }
            default -> throw new Failure(-32601, "Method not found", null);
        };
    }

    private String test(JsonObject params, JsonObject request) throws Failure {
        tests++;
        Long asked = heartbeat.answer();
        if (asked != null) {
            String id = request.has("id") ? request.get("id").toString() : "";
            String text = request.has("params") ? request.get("params").toString() : "";
            endpoint.answered(new Deribit.Answer(connection.number(), id, text, asked, System.nanoTime()));
        }
        if (Json.string(params, "expected_result").equals("exception")) {
            throw new Failure(-32000, "Server error", null);
        }
        return "{\"version\":\"1.2.26\"}";
    }

    private String setHeartbeat(JsonObject params) throws Failure {
        if (!(params.get("interval") instanceof JsonPrimitive p) || !p.isNumber()) {
            throw DeribitAnswer.invalid("value required", "interval");
        }
        double interval = p.getAsDouble();
        if (!(interval >= 10)) {
            throw DeribitAnswer.invalid("value must be >= 10", "interval");
        }
        setHeartbeats++;
        heartbeat.set(interval);
        return "\"ok\"";
    }

    // -- subscriptions -----------------------------------------------------------------------------------------------

    private final List<String> toStart = new ArrayList<>(); // acknowledged, data follows the acknowledgement

    private String subscribe(JsonObject params, boolean privately) throws Failure {
        List<String> asked = DeribitAnswer.channels(params, MAX_CHANNELS);
        if (!login.done() && asked.stream().anyMatch(DeribitFrames::isRaw)) {
            throw new Failure(13778, "raw_subscriptions_not_available_for_unauthorized", null);
        }
        List<String> accepted = new ArrayList<>();
        for (String channel : asked) {
            if (DeribitFrames.knows(channel)
                    && scene.faults()
                            .find(Toggle.LEAVE_OUT, connection, channel)
                            .isEmpty()
                    && (privately || !DeribitFrames.isPrivate(channel))
                    && scene.feeds().feed(channel, DeribitFrames.renderer(channel)) != null) {
                accepted.add(channel);
                if (subscriptions.add(channel)) {
                    toStart.add(channel);
                }
            }
        }
        return shuffled(accepted);
    }

    private String unsubscribe(JsonObject params) throws Failure {
        List<String> removed = DeribitAnswer.channels(params, Integer.MAX_VALUE).stream()
                .filter(subscriptions::contains)
                .toList();
        drop(removed);
        return shuffled(removed);
    }

    private void drop(Iterable<String> channels) {
        for (String channel : channels) {
            subscriptions.remove(channel);
            scene.feeds().unsubscribe(connection, channel);
        }
    }

    private String shuffled(List<String> channels) {
        List<String> order = new ArrayList<>(new LinkedHashSet<>(channels));
        Collections.shuffle(order, scene.random());
        JsonArray array = new JsonArray();
        order.forEach(array::add);
        return array.toString();
    }

    private void afterAnswer(String method) {
        if (method.endsWith("/subscribe") && scene.replays().covers(connection)) {
            toStart.clear();
            if (!replaying) {
                replaying = true;
                scene.replays().start(connection);
            }
            return;
        }
        for (String channel : toStart) {
            Feed feed = scene.feeds().feed(channel, DeribitFrames.renderer(channel));
            // First, so that the feed's next number is the one after the snapshot's; it sends nothing before this task
            // has ended.
            feed.subscribe(connection, 0);
            if (DeribitFrames.isChangeBook(channel)) {
                connection.send(Frames.text(DeribitFrames.snapshot(channel, feed.last())));
            }
        }
        toStart.clear();
    }

    private void send(String text) {
        heartbeat.sentAnswer();
        connection.send(Frames.text(text));
    }

    @Override
    public byte[] tooSlow() {
        return DeribitFrames.tooSlow(micros());
    }

    void maintenance() {
        if (subscriptions.contains("platform_state")) {
            connection.send(DeribitFrames.maintenance());
        }
        connection.close(End.FAULT, 1001, "maintenance");
    }

    /** The server's clock, in microseconds since 1970. */
    private long micros() {
        Instant now = Instant.now();
        long skew = scene.faults()
                .find(Toggle.CLOCK_SKEW, connection, "")
                .map(Rule::code)
                .orElse(0);
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1000 + skew * 1000;
    }
}
