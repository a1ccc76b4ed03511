// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.support;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.holdfast.simulator.ConnectionHandler;
import io.holdfast.simulator.Session;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** The part of Binance's WebSocket API that an account needs: a log-on that is verified, its events, one call. */
public final class BinanceAccount implements Function<Session, ConnectionHandler> {

    private final String apiKey;
    private final PublicKey key;
    private final AtomicInteger subscriptions = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final ConcurrentHashMap<Integer, Session> subscribed = new ConcurrentHashMap<>();

    public BinanceAccount(String apiKey, PublicKey key) {
        this.apiKey = apiKey;
        this.key = key;
    }

    /** Subscriptions to the account's events that were accepted. */
    public int subscriptions() {
        return subscriptions.get();
    }

    /** Requests that were refused. */
    public int refused() {
        return refused.get();
    }

    /** The account's events end on every connection. */
    public void terminate() {
        subscribed
                .values()
                .forEach(s -> s.text("{\"subscriptionId\":0,\"event\":{\"e\":\"eventStreamTerminated\",\"E\":1}}"));
        subscribed.clear();
    }

    @Override
    public ConnectionHandler apply(Session opened) {
        return new ConnectionHandler() {
            private boolean loggedOn;

            @Override
            public void onText(Session session, String text) {
                JsonObject request = JsonParser.parseString(text).getAsJsonObject();
                String id = request.get("id").toString();
                switch (request.get("method").getAsString()) {
                    case "session.logon" -> {
                        loggedOn = signed(request.getAsJsonObject("params"));
                        answer(session, id, loggedOn, "{\"apiKey\":\"me\",\"authorizedSince\":1}");
                    }
                    case "userDataStream.subscribe" -> {
                        if (loggedOn) {
                            // Whoever sees the count may end the account's events at once.
                            subscribed.put(session.number(), session);
                            subscriptions.incrementAndGet();
                        }
                        answer(session, id, loggedOn, "{\"subscriptionId\":0}");
                    }
                    default -> answer(session, id, loggedOn, "{\"orderId\":9007199254740993}");
                }
            }

            @Override
            public void onEnd(Session session) {
                subscribed.remove(session.number());
            }
        };
    }

    private void answer(Session session, String id, boolean accepted, String result) {
        if (!accepted) {
            refused.incrementAndGet();
        }
        session.text(
                accepted
                        ? "{\"id\":" + id + ",\"status\":200,\"result\":" + result + ",\"rateLimits\":[]}"
                        : "{\"id\":" + id + ",\"status\":401,\"error\":{\"code\":-2015,\"msg\":\"no\"}}");
    }

    private boolean signed(JsonObject params) {
        String payload = "apiKey=" + params.get("apiKey").getAsString() + "&recvWindow=" + params.get("recvWindow")
                + "&timestamp=" + params.get("timestamp");
        try {
            Signature check = Signature.getInstance("Ed25519");
            check.initVerify(key);
            check.update(payload.getBytes(StandardCharsets.UTF_8));
            return params.get("apiKey").getAsString().equals(apiKey)
                    && check.verify(
                            Base64.getDecoder().decode(params.get("signature").getAsString()));
        } catch (GeneralSecurityException e) {
            return false; // not the signature's length, for one
        }
    }
}
