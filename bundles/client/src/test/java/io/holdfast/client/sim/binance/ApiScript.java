// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim.binance;

import com.google.gson.JsonObject;

/** The WebSocket API: log-in, the account's events, calls that are answered in any order. */
final class ApiScript implements BinancePeer.Script {
    boolean loggedIn;

    /** Subscriptions of the account's events that last. */
    int userData;

    private final BinancePeer peer;
    private int subscriptionId;

    ApiScript(BinancePeer peer) {
        this.peer = peer;
    }

    @Override
    public void begin() {
        // Nothing comes unasked at first.
    }

    /** The key is taken back: log-in and events end. */
    void revoke() {
        loggedIn = false;
        userData = 0;
        peer.send(
                "{\"id\":null,\"status\":401,\"error\":{\"code\":-2015,\"msg\":\"Invalid API-key, IP, or permissions\"}}");
    }

    void terminate() {
        userData = 0;
        peer.send("{\"subscriptionId\":" + subscriptionId + ",\"event\":{\"e\":\"eventStreamTerminated\",\"E\":1}}");
    }

    @Override
    public void request(String id, String method, JsonObject request) {
        long delay = 1 + peer.model.environment.random().nextLong(peer.model.slowest.toNanos());
        peer.later(delay, () -> answer(id, method, request));
    }

    private void answer(String id, String method, JsonObject request) {
        switch (method) {
            case "session.logon" -> {
                loggedIn = true;
                ok(id, "{\"apiKey\":\"k\",\"authorizedSince\":1,\"connectedSince\":1,\"userDataStream\":false}");
            }
            case "userDataStream.subscribe" -> {
                if (!loggedIn) {
                    peer.model.violations.add("user data are asked for before the log-in");
                }
                userData++;
                ok(id, "{\"subscriptionId\":" + ++subscriptionId + "}");
                event(subscriptionId);
            }
            case "order.place" -> {
                if (!loggedIn) {
                    peer.send("{\"id\":" + id
                            + ",\"status\":401,\"error\":{\"code\":-2015,\"msg\":\"no\"},\"rateLimits\":[]}");
                } else {
                    ok(id, "{\"orderId\":9007199254740993,\"price\":\"0.10000000\"}");
                }
            }
            case "depth" -> {
                String symbol = request.getAsJsonObject("params").get("symbol").getAsString();
                ok(id, BookScript.snapshot(peer.model, symbol));
            }
            default -> ok(id, "{\"echo\":" + request.get("params") + "}");
        }
    }

    private void ok(String id, String result) {
        peer.send("{\"id\":" + id + ",\"status\":200,\"result\":" + result + ",\"rateLimits\":[]}");
    }

    private void event(int of) {
        peer.later(1 + peer.model.environment.random().nextLong(peer.model.messageEvery), () -> {
            if (userData > 0 && of == subscriptionId) {
                peer.send(
                        "{\"subscriptionId\":" + of + ",\"event\":{\"e\":\"executionReport\",\"i\":9007199254740993}}");
                event(of);
            }
        });
    }
}
