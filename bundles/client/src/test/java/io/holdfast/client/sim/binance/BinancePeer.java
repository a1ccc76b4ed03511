// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim.binance;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.holdfast.api.transport.CloseInfo;
import io.holdfast.client.sim.ModelWire;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The server's side of one connection: pings, the limit of frames, faults; what requests mean is its script's. */
final class BinancePeer implements ModelWire.Peer {
    /** What is said on the connection. */
    interface Script {
        void begin();

        void request(String id, String method, JsonObject request);
    }

    private static final int FRAMES_PER_SECOND = 5;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long PING = Duration.ofSeconds(20).toNanos();
    private static final long PONG = Duration.ofSeconds(60).toNanos();

    final BinanceModel model;
    final ModelWire wire;
    final long number;
    final StreamsScript streams;
    final ApiScript api;
    final List<String> methods = new ArrayList<>();
    int cutAfterRequests = -1;
    private final Script script;
    private final Deque<Long> frames = new ArrayDeque<>();
    private boolean ended;
    private boolean halfOpen;
    private boolean mute;
    private long pinged;
    private long lastPong;

    BinancePeer(BinanceModel model, ModelWire wire, URI uri, long number) {
        this.model = model;
        this.wire = wire;
        this.number = number;
        boolean calls = uri.getPath().startsWith("/ws-api");
        streams = calls ? null : new StreamsScript(this, uri);
        api = calls ? new ApiScript(this) : null;
        script = calls ? api : streams;
    }

    void begin() {
        lastPong = model.environment.nanoTime();
        model.environment.world(PING, this::ping);
        script.begin();
    }

    // --- faults

    void goHalfOpen() {
        halfOpen = true;
    }

    /** Data goes on, pings do not come any more. */
    void stopPinging() {
        mute = true;
    }

    boolean silent() {
        return halfOpen || ended;
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

    // --- frames

    private void ping() {
        if (silent()) {
            return;
        }
        if (model.environment.nanoTime() - lastPong > PONG) {
            model.violations.add("no right pong within a minute");
            cut();
            return;
        }
        if (!mute) {
            wire.ping("p" + ++pinged);
        }
        model.environment.world(PING, this::ping);
    }

    @Override
    public void pong(String payload) {
        if (silent()) {
            return;
        }
        if (payload.equals("p" + pinged)) {
            lastPong = model.environment.nanoTime();
        }
        frame();
    }

    /** Counts what the client sends, as the server does on market streams. */
    private void frame() {
        long now = model.environment.nanoTime();
        while (!frames.isEmpty() && now - frames.peek() >= SECOND) {
            frames.poll();
        }
        frames.add(now);
        if (streams != null && frames.size() > FRAMES_PER_SECOND) {
            model.violations.add("more than " + FRAMES_PER_SECOND + " frames in a second");
            cut();
        }
    }

    @Override
    public void receive(String text) {
        if (silent()) {
            return;
        }
        frame();
        if (cutAfterRequests >= 0 && cutAfterRequests-- == 0) {
            cut();
            return;
        }
        JsonObject request = JsonParser.parseString(text).getAsJsonObject();
        String method = request.get("method").getAsString();
        String id = request.get("id").toString();
        methods.add(method);
        if (model.unanswered.filter(method::equals).isPresent()) {
            return;
        }
        String error = model.errors.remove(method);
        if (error != null) {
            send(error.replace("${id}", id));
            return;
        }
        script.request(id, method, request);
    }

    void send(String text) {
        if (!silent()) {
            model.environment.world(ModelWire.LATENCY, () -> wire.message(text));
        }
    }

    void later(long nanos, Runnable task) {
        model.environment.world(nanos, () -> {
            if (!silent()) {
                task.run();
            }
        });
    }
}
