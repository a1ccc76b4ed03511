// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.exchange;

import com.google.gson.JsonArray;
import com.google.gson.JsonPrimitive;
import io.holdfast.simulator.AcceptRecord.End;
import io.holdfast.simulator.Binance;
import io.holdfast.simulator.ConnectionHandler;
import io.holdfast.simulator.Session;
import io.holdfast.simulator.ShutdownShape;
import io.holdfast.simulator.internal.data.Feed;
import io.holdfast.simulator.internal.exchange.BinanceRequests.Refused;
import io.holdfast.simulator.internal.exchange.BinanceRequests.Request;
import io.holdfast.simulator.internal.fault.FaultRules.Toggle;
import io.holdfast.simulator.internal.net.Connection;
import io.holdfast.simulator.internal.net.Frames;
import io.holdfast.simulator.internal.net.Loop;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** One connection to the simulated Binance. Loop thread only. */
final class BinanceConnection implements ConnectionHandler {

    /** Times in the exchange's seconds. */
    private record Profile(double ping, double pong) {
        static final Profile SPOT = new Profile(20, 60);
        static final Profile FUTURES = new Profile(180, 600);
    }

    private static final double MAX_AGE = 86_400;
    private static final int MAX_STREAMS = 1024;
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final Scene scene;
    private final Connection connection;
    private final boolean futures;
    private final boolean api;
    private final Profile profile;
    private final Set<String> subscriptions = new LinkedHashSet<>();
    private final ArrayDeque<Long> recent = new ArrayDeque<>(); // arrival of the frames of the last second
    private final ArrayDeque<byte[]> openPings = new ArrayDeque<>();
    private final BinanceApi apiCalls;
    private final BinanceEndpoint endpoint;
    private boolean combined;
    private boolean replaying;
    private long pingsSent;
    private long pongsMatched;
    private long pongsUnsolicited;
    private long messages;
    private Loop.Timer pongDeadline;

    BinanceConnection(Scene scene, Connection connection, BinanceEndpoint endpoint) {
        this.scene = scene;
        this.connection = connection;
        String path = connection.path();
        this.endpoint = endpoint;
        api = path.startsWith("/ws-api");
        apiCalls = new BinanceApi(scene, connection, subscriptions);
        futures = path.startsWith("/public") || path.startsWith("/market") || path.startsWith("/private");
        profile = futures ? Profile.FUTURES : Profile.SPOT;
        combined = path.endsWith("/stream");
    }

    Binance.State state() {
        return new Binance.State(
                pingsSent, pongsMatched, pongsUnsolicited, messages, combined, Set.copyOf(subscriptions));
    }

    BinanceApi api() {
        return apiCalls;
    }

    ShutdownShape shape() {
        return api ? ShutdownShape.API : combined ? ShutdownShape.COMBINED : ShutdownShape.BARE;
    }

    @Override
    public void onOpen(Session session) {
        connection.later(scene.units(profile.ping), this::ping);
        connection.later(scene.units(MAX_AGE), () -> connection.fin(End.SERVER, "24 h are over"));
        List<String> streams = streamsOfUrl();
        if (!streams.isEmpty()) {
            subscribe(streams);
        }
    }

    private List<String> streamsOfUrl() {
        String path = connection.path();
        int ws = path.indexOf("/ws/");
        String names = !api && ws >= 0 ? path.substring(ws + 4) : "";
        for (String part : connection.request().query().split("&")) {
            if (part.startsWith("streams=")) {
                names = URLDecoder.decode(
                        part.substring("streams=".length()).replace("+", "%2B"), StandardCharsets.UTF_8);
            }
        }
        return Arrays.stream(names.split("/")).filter(s -> !s.isEmpty()).toList();
    }

    @Override
    public void onEnd(Session session) {
        subscriptions.forEach(stream -> scene.feeds().unsubscribe(connection, stream));
    }

    // -- ping, pong and the message limit ----------------------------------------------------------------------------

    private void ping() {
        connection.later(scene.units(profile.ping), this::ping);
        if (scene.faults().on(Toggle.WITHHOLD_HEARTBEATS, connection)) {
            return;
        }
        pingsSent++;
        byte[] payload = Long.toString(System.currentTimeMillis() * 1000 + pingsSent % 1000)
                .getBytes(StandardCharsets.US_ASCII);
        openPings.add(payload);
        connection.ping(payload);
        if (pongDeadline == null) {
            pongDeadline =
                    connection.later(scene.units(profile.pong), () -> connection.fin(End.SERVER, "no right pong"));
        }
    }

    @Override
    public void onPong(Session session, byte[] payload) {
        boolean right = openPings.stream().anyMatch(p -> ByteBuffer.wrap(p).equals(ByteBuffer.wrap(payload)));
        if (right) {
            pongsMatched++;
            openPings.clear(); // an answer to a later ping shows that the client lives, whatever became of the earlier
            connection.cancel(pongDeadline);
            pongDeadline = null;
        } else {
            pongsUnsolicited++;
        }
        countMessage();
    }

    @Override
    public void onPing(Session session, byte[] payload) {
        if (countMessage()) {
            session.pong(payload);
        }
    }

    /** @return false when the limit is broken and the connection is being ended */
    private boolean countMessage() {
        messages++;
        int limit = scene.options().binanceMessageLimit() * (futures ? 2 : 1);
        if (limit == 0) {
            return true;
        }
        long now = System.nanoTime();
        while (!recent.isEmpty() && now - recent.peek() >= SECOND_NANOS) {
            recent.poll();
        }
        recent.add(now);
        if (recent.size() > limit) {
            endpoint.overLimit();
            connection.fin(End.SERVER, "more than " + limit + " messages in a second");
            return false;
        }
        return true;
    }

    // -- requests ----------------------------------------------------------------------------------------------------

    @Override
    public void onText(Session session, String text) {
        if (!countMessage()) {
            return;
        }
        if (api) {
            apiCalls.request(text);
            return;
        }
        try {
            Request request = BinanceRequests.read(text);
            if (scene.faults()
                    .find(Toggle.WITHHOLD_ANSWERS, connection, request.method())
                    .isPresent()) {
                return;
            }
            answer(request);
        } catch (Refused e) {
            send(e.getMessage());
        }
    }

    private void answer(Request request) throws Refused {
        switch (request.method()) {
            case "SUBSCRIBE" -> {
                List<String> names = request.names();
                ok("null", request);
                subscribe(names);
            }
            case "UNSUBSCRIBE" -> {
                for (String stream : request.names()) {
                    if (subscriptions.remove(stream)) {
                        scene.feeds().unsubscribe(connection, stream);
                    }
                }
                ok("null", request);
            }
            case "LIST_SUBSCRIPTIONS" -> {
                JsonArray list = new JsonArray();
                subscriptions.forEach(list::add);
                ok(list.toString(), request);
            }
            case "GET_PROPERTY" -> {
                property(request, 1);
                ok(Boolean.toString(combined), request);
            }
            case "SET_PROPERTY" -> {
                property(request, 2);
                if (request.params().size() < 2
                        || !(request.params().get(1) instanceof JsonPrimitive p)
                        || !p.isBoolean()) {
                    throw BinanceRequests.notBoolean();
                }
                combined = p.getAsBoolean();
                resubscribe();
                ok("null", request);
            }
            default -> throw new IllegalStateException(request.method()); // the reader lets only these through
        }
    }

    private static void property(Request request, int count) throws Refused {
        if (request.params().isEmpty() || !(request.params().get(0) instanceof JsonPrimitive p) || !p.isString()) {
            throw BinanceRequests.invalid("property name must be a string");
        }
        if (request.params().size() > count) {
            throw BinanceRequests.invalid("too many parameters");
        }
        if (!p.getAsString().equals("combined")) {
            throw BinanceRequests.unknownProperty(request.id());
        }
    }

    private void ok(String result, Request request) {
        send("{\"result\":" + result + ",\"id\":" + request.id() + "}");
    }

    // -- streams -----------------------------------------------------------------------------------------------------

    private void subscribe(List<String> streams) {
        if (scene.replays().covers(connection)) {
            subscriptions.addAll(streams);
            if (!replaying) {
                replaying = true;
                scene.replays().start(connection);
            }
            return;
        }
        for (String stream : streams) {
            if (subscriptions.size() < MAX_STREAMS) {
                subscriptions.add(stream);
                start(stream);
            }
        }
    }

    private void resubscribe() {
        subscriptions.forEach(this::start);
    }

    /** An unknown stream, or one on the wrong futures path, stays silent. */
    private void start(String stream) {
        if (!BinanceFrames.knows(stream) || futures && !onRightPath(stream)) {
            return;
        }
        Feed feed = scene.feeds().feed(stream, BinanceFrames.renderer(stream), BinanceBook.streams(stream));
        if (feed != null) {
            feed.subscribe(connection, (combined ? BinanceFrames.COMBINED : 0) + (futures ? BinanceFrames.FUTURES : 0));
        }
    }

    private boolean onRightPath(String stream) {
        return connection.path().startsWith(BinanceFrames.isFuturesPublic(stream) ? "/public" : "/market");
    }

    private void send(String text) {
        connection.send(Frames.text(text));
    }
}
