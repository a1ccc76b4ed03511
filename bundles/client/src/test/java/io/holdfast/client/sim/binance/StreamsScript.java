// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim.binance;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Market streams: anything is answered with null; what is subscribed, in the address or later, sends. */
final class StreamsScript implements BinancePeer.Script {
    final Set<String> subscribed = new LinkedHashSet<>();

    /** How often each stream was asked for while it was subscribed. */
    final Map<String, Integer> askedTwice = new LinkedHashMap<>();

    private final BinancePeer peer;
    private final URI uri;
    private final Set<String> skipNext = new LinkedHashSet<>();
    private final Map<String, Integer> lives = new LinkedHashMap<>();

    StreamsScript(BinancePeer peer, URI uri) {
        this.peer = peer;
        this.uri = uri;
    }

    @Override
    public void begin() {
        String query = uri.getQuery();
        if (query != null && query.startsWith("streams=")) {
            List.of(query.substring("streams=".length()).split("/")).forEach(this::subscribe);
        }
    }

    /** One change of the book is lost. */
    void loseOne(String stream) {
        skipNext.add(stream);
    }

    /** The server forgets the stream, and tells nobody. */
    void forget(String stream) {
        subscribed.remove(stream);
    }

    private void subscribe(String stream) {
        if (!subscribed.add(stream)) {
            askedTwice.merge(stream, 1, Integer::sum);
        } else if (!peer.model.unknownStreams.contains(stream)) {
            for (int i = 0; i < peer.model.atOnce; i++) {
                publish(stream);
            }
            // Often at once, so that the address alone brings data before anything was said.
            if (peer.model.environment.random().nextBoolean()) {
                publish(stream);
            }
            next(stream, lives.merge(stream, 1, Integer::sum));
        }
    }

    @Override
    public void request(String id, String method, JsonObject request) {
        List<String> names = new ArrayList<>();
        if (request.get("params") instanceof JsonArray params) {
            params.forEach(p -> names.add(p.getAsString()));
        }
        String result = "null";
        switch (method) {
            case "SUBSCRIBE" -> {
                List<String> taken = names.subList(Math.min(peer.model.lies, names.size()), names.size());
                peer.model.lies = 0;
                taken.forEach(this::subscribe);
            }
            case "UNSUBSCRIBE" -> names.forEach(subscribed::remove);
            case "LIST_SUBSCRIPTIONS" ->
                result = subscribed.stream().map(s -> '"' + s + '"').toList().toString();
            default -> throw new IllegalStateException(method);
        }
        peer.send("{\"result\":" + result + ",\"id\":" + id + "}");
    }

    private void next(String stream, int life) {
        peer.later(1 + peer.model.environment.random().nextLong(peer.model.messageEvery), () -> {
            if (subscribed.contains(stream) && lives.get(stream) == life) {
                publish(stream);
                next(stream, life);
            }
        });
    }

    private void publish(String stream) {
        String text = "{\"stream\":\"" + stream + "\",\"data\":" + event(stream) + "}";
        // The exchange's message: every connection that has the stream gets it.
        peer.model.open.stream()
                .filter(p -> p.streams != null && p.streams.subscribed.contains(stream))
                .forEach(p -> p.send(text));
    }

    private String event(String stream) {
        if (!stream.contains("@depth")) {
            return "{\"e\":\"aggTrade\",\"a\":9007199254740993,\"p\":\"0.00100000\"}";
        }
        long before = peer.model.updates.getOrDefault(stream, 50_093_239_189L);
        if (skipNext.remove(stream)) {
            before += 3;
        }
        long last = before + 1 + peer.model.environment.random().nextInt(9);
        peer.model.updates.put(stream, last);
        return BookScript.update(stream, before + 1, last);
    }
}
