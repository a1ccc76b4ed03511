// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.exchange;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.holdfast.simulator.ConnectionHandler;
import io.holdfast.simulator.Session;
import io.holdfast.simulator.internal.data.Feed;
import io.holdfast.simulator.internal.fault.FaultRules.Toggle;
import io.holdfast.simulator.internal.net.Connection;
import io.holdfast.simulator.internal.net.Frames;

/**
 * An exchange of no name. {@code /generic/echo} sends back what it gets; every other path is a channel of numbered data
 * under its own name, and answers the common text pings.
 */
public final class GenericConnection implements ConnectionHandler {

    private final Scene scene;
    private final Connection connection;
    private final boolean echo;

    public GenericConnection(Scene scene, Connection connection) {
        this.scene = scene;
        this.connection = connection;
        echo = connection.path().endsWith("/echo");
    }

    @Override
    public void onOpen(Session session) {
        if (echo) {
            return;
        }
        if (scene.replays().covers(connection)) {
            scene.replays().start(connection);
            return;
        }
        Feed feed = scene.feeds().feed(connection.path(), renderer(connection.path()));
        if (feed == null) {
            connection.session().close(1013, "too many channels");
        } else {
            feed.subscribe(connection, 0);
        }
    }

    @Override
    public void onEnd(Session session) {
        scene.feeds().unsubscribe(connection, connection.path());
    }

    @Override
    public void onText(Session session, String text) {
        if (echo) {
            session.text(text);
        } else if (!scene.faults().on(Toggle.WITHHOLD_PONGS, connection)) {
            String pong = pong(text);
            if (!pong.isEmpty()) {
                session.text(pong);
            }
        }
    }

    @Override
    public void onBinary(Session session, byte[] payload) {
        if (echo) {
            session.binary(payload);
        }
    }

    /** The answer to a text ping: literal, or JSON with its id kept; empty for anything else. */
    static String pong(String text) {
        if (text.equals("ping")) {
            return "pong";
        }
        if (text.equals("PING")) {
            return "PONG";
        }
        if (text.length() > 1000 || !text.contains("\"ping\"")) {
            return "";
        }
        try {
            if (Json.parse(text) instanceof JsonObject message) {
                for (String name : new String[] {"op", "method", "type", "event"}) {
                    if (Json.string(message, name).equals("ping")) {
                        message.addProperty(name, "pong");
                        return message.toString();
                    }
                }
            }
        } catch (JsonParseException e) {
            return ""; // text that happens to hold the word
        }
        return "";
    }

    private static Feed.Renderer renderer(String channel) {
        String start = "{\"channel\":" + Json.quote(channel) + ",\"seq\":";
        return (sequence, nanos, variant) -> Frames.text(start + sequence + ",\"ns\":" + nanos + "}");
    }
}
