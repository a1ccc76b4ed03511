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

    private static final State NOTHING = new State(0, 0, 0, 0, false, Set.of());

    private final Scene scene;
    private final Kept<BinanceConnection> connections;

    public BinanceEndpoint(Scene scene) {
        this.scene = scene;
        connections = new Kept<>(scene.options().keepAccepts());
    }

    @Override
    public ConnectionHandler create(Connection connection) {
        BinanceConnection script = new BinanceConnection(scene, connection);
        connections.put(connection.number(), script);
        return script;
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
        return scene.loop()
                .call(() -> connections.containsKey(connection)
                        ? connections.get(connection).state()
                        : NOTHING);
    }
}
