// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.exchange;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import io.holdfast.simulator.internal.data.Feed;
import io.holdfast.simulator.internal.exchange.BinanceKeys.Refusal;
import io.holdfast.simulator.internal.fault.FaultRules.Rule;
import io.holdfast.simulator.internal.fault.FaultRules.Toggle;
import io.holdfast.simulator.internal.net.Connection;
import io.holdfast.simulator.internal.net.Frames;
import java.util.Optional;
import java.util.Set;

/** The WebSocket API on one connection: log-on, user data, order book. Loop thread only. */
final class BinanceApi {

    /** Name of the channel whose numbers the events of user data carry. */
    static final String USER_DATA = "userData";

    /** How long -1003 tells to wait. */
    private static final long RETRY_MILLIS = 2_000;

    private final Scene scene;
    private final Connection connection;
    private final Set<String> subscriptions;
    private final AnswerOrder answers;
    private final long since = System.currentTimeMillis();
    private long authorizedSince; // 0 when nobody is logged on
    private int nextId;
    private int subscriptionId = -1; // of the user data; negative for none

    /** @param subscriptions shown as the connection's */
    BinanceApi(Scene scene, Connection connection, Set<String> subscriptions) {
        this.scene = scene;
        this.connection = connection;
        this.subscriptions = subscriptions;
        answers = new AnswerOrder(scene, connection, this::send);
    }

    void request(String text) {
        JsonObject request;
        try {
            if (!(Json.parse(text) instanceof JsonObject object)) {
                malformed();
                return;
            }
            request = object;
        } catch (JsonParseException e) {
            malformed(); // told to who sent it
            return;
        }
        String method = Json.string(request, "method");
        if (scene.faults().find(Toggle.WITHHOLD_ANSWERS, connection, method).isPresent()) {
            return;
        }
        String id = request.has("id") ? request.get("id").toString() : "null";
        Optional<Rule> failing = scene.faults().find(Toggle.FAIL_REQUESTS, connection, method);
        if (failing.isPresent()) {
            answers.reply(method, failed(id, failing.get().code(), failing.get().message()));
            return;
        }
        answers.reply(method, answer(id, method, Json.object(request, "params")));
    }

    private void malformed() {
        send(error("null", new Refusal(400, -1135, "Invalid JSON Request"), ""));
    }

    private String answer(String id, String method, JsonObject params) {
        return switch (method) {
            case "ping" -> ok(id, "{}");
            case "time" -> ok(id, "{\"serverTime\":" + now() + "}");
            case "depth" -> ok(id, snapshot(Json.string(params, "symbol")));
            case "session.logon" -> {
                Refusal refusal = BinanceKeys.check(params, scene.options(), true, now());
                if (refusal != null) {
                    yield error(id, refusal, "");
                }
                authorizedSince = now();
                yield ok(id, session());
            }
            case "session.status" -> ok(id, session());
            case "session.logout" -> {
                authorizedSince = 0;
                yield ok(id, session());
            }
            case "userDataStream.subscribe" ->
                authorizedSince == 0
                        ? error(id, new Refusal(401, -2015, "Invalid API-key, IP, or permissions for action."), "")
                        : subscribe(id);
            case "userDataStream.subscribe.signature" -> {
                Refusal refusal = BinanceKeys.check(params, scene.options(), false, now());
                yield refusal == null ? subscribe(id) : error(id, refusal, "");
            }
            case "userDataStream.unsubscribe" -> unsubscribe(id, params);
            case "session.subscriptions" ->
                ok(id, subscriptionId < 0 ? "[]" : "[{\"subscriptionId\":" + subscriptionId + "}]");
            default -> error(id, new Refusal(400, -1000, "Invalid method."), "");
        };
    }

    private String session() {
        boolean on = authorizedSince != 0;
        return "{\"apiKey\":" + (on ? Json.quote(scene.options().clientId()) : "null") + ",\"authorizedSince\":"
                + (on ? Long.toString(authorizedSince) : "null") + ",\"connectedSince\":" + since
                + ",\"returnRateLimits\":true,\"serverTime\":" + now() + ",\"userDataStream\":"
                + (subscriptionId >= 0) + "}";
    }

    private String subscribe(String id) {
        if (subscriptionId >= 0) {
            return error(id, new Refusal(400, -2035, "Subscription already active"), "");
        }
        Feed feed = scene.feeds().feed(USER_DATA, BinanceFrames.userData());
        if (feed == null) {
            return error(id, new Refusal(500, -1000, "too many channels in this simulator"), "");
        }
        subscriptionId = nextId++;
        subscriptions.add(USER_DATA);
        feed.subscribe(connection, subscriptionId);
        return ok(id, "{\"subscriptionId\":" + subscriptionId + "}");
    }

    private String unsubscribe(String id, JsonObject params) {
        boolean another = params.get("subscriptionId") instanceof JsonPrimitive p && p.getAsInt() != subscriptionId;
        if (!another) {
            endUserData();
        }
        return ok(id, "{}");
    }

    private void endUserData() {
        subscriptionId = -1;
        subscriptions.remove(USER_DATA);
        scene.feeds().unsubscribe(connection, USER_DATA);
    }

    /** The stream of user data ends, and the client is told. */
    void terminate() {
        if (subscriptionId >= 0) {
            send("{\"subscriptionId\":" + subscriptionId + ",\"event\":{\"e\":\"eventStreamTerminated\",\"E\":" + now()
                    + "}}");
            endUserData();
        }
    }

    /** The key holds no more, and the client is told without having asked. */
    void revoke() {
        if (authorizedSince != 0) {
            authorizedSince = 0;
            send(error("null", new Refusal(401, -2015, "Invalid API-key, IP, or permissions for action."), ""));
        }
    }

    private String snapshot(String symbol) {
        return BinanceFrames.snapshot(scene, connection, symbol);
    }

    private long now() {
        return System.currentTimeMillis()
                + scene.faults()
                        .find(Toggle.CLOCK_SKEW, connection, "")
                        .map(Rule::code)
                        .orElse(0);
    }

    private static String ok(String id, String result) {
        return "{\"id\":" + id + ",\"status\":200,\"result\":" + result + ",\"rateLimits\":[]}";
    }

    private String failed(String id, int code, String message) {
        return code == -1003
                ? error(
                        id,
                        new Refusal(429, code, message),
                        ",\"data\":{\"serverTime\":" + now() + ",\"retryAfter\":" + (now() + RETRY_MILLIS) + "}")
                : error(id, new Refusal(code == -1007 ? 504 : 400, code, message), "");
    }

    private static String error(String id, Refusal refusal, String data) {
        return "{\"id\":" + id + ",\"status\":" + refusal.status() + ",\"error\":{\"code\":" + refusal.code()
                + ",\"msg\":" + Json.quote(refusal.message()) + data + "},\"rateLimits\":[]}";
    }

    private void send(String text) {
        connection.send(Frames.text(text));
    }
}
