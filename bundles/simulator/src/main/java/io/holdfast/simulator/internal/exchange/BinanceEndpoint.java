// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.exchange;

import io.holdfast.simulator.Binance;
import io.holdfast.simulator.ConnectionHandler;
import io.holdfast.simulator.ShutdownShape;
import io.holdfast.simulator.internal.fault.Routes;
import io.holdfast.simulator.internal.net.Connection;
import io.holdfast.simulator.internal.net.Frames;
import java.util.Set;

/** The simulated Binance: makes the scripts of its connections. */
public final class BinanceEndpoint implements Binance, Routes.Script {

    /** Paths it plays: spot streams, futures streams by kind, and the WebSocket API. */
    public static final Set<String> PATHS = Set.of(
            "/ws",
            "/stream",
            "/public/ws",
            "/public/stream",
            "/market/ws",
            "/market/stream",
            "/private/ws",
            "/private/stream",
            "/ws-api/v3");

    private static final String DEPTH = "/api/v3/depth";
    private static final State NOTHING = new State(0, 0, 0, 0, false, Set.of());

    private final Scene scene;
    private final Scripts<BinanceConnection> connections;
    private final BinanceDoor door = new BinanceDoor();

    public BinanceEndpoint(Scene scene) {
        this.scene = scene;
        connections = new Scripts<>(scene.options().keepAccepts());
    }

    @Override
    public ConnectionHandler create(Connection connection) {
        BinanceConnection script = new BinanceConnection(scene, connection, this);
        connections.put(connection.number(), script);
        return script;
    }

    /** The socket of a connection is closed, whosever it was. Loop thread only. */
    public void gone(Connection connection) {
        connections.gone(connection.number());
    }

    /** A status and headers to refuse an attempt with, or null. Loop thread only. */
    public BinanceDoor.Refusal attempt() {
        return scene.options().binanceAttemptLimit() == 0
                ? null
                : door.attempt(scene.options().binanceAttemptLimit(), System.nanoTime());
    }

    void overLimit() {
        door.overLimit(System.nanoTime());
    }

    /** The answer to a request without upgrade, or null when there is no such page. Loop thread only. */
    public String page(Connection connection) {
        if (!connection.path().equals(DEPTH)) {
            return null;
        }
        String symbol = "";
        for (String part : connection.request().query().split("&")) {
            symbol = part.startsWith("symbol=") ? part.substring("symbol=".length()) : symbol;
        }
        return BinanceFrames.snapshot(scene, connection, symbol);
    }

    /** Tells of a key that holds no more; nothing where nobody is logged on. Loop thread only. */
    public void revoke(Connection connection) {
        BinanceConnection script = connections.get(connection.number());
        if (script != null) {
            script.api().revoke();
        }
    }

    /** Ends the stream of user data; nothing where there is none. Loop thread only. */
    public void terminate(Connection connection) {
        BinanceConnection script = connections.get(connection.number());
        if (script != null) {
            script.api().terminate();
        }
    }

    /** Sends the notice in the shape of the connection's path; nothing to one of another endpoint. Loop thread only. */
    public void shutdown(Connection connection) {
        BinanceConnection script = connections.get(connection.number());
        if (script != null) {
            shutdown(connection, script.shape());
        }
    }

    /** Sends the notice in this shape, wherever the connection belongs. Loop thread only. */
    public void shutdown(Connection connection, ShutdownShape shape) {
        connection.send(Frames.text(BinanceFrames.shutdown(shape)));
    }

    @Override
    public State state(int connection) {
        return scene.loop().call(() -> {
            BinanceConnection script = connections.get(connection);
            return script == null ? NOTHING : script.state();
        });
    }
}
