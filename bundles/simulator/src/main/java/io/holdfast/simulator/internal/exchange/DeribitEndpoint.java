// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.exchange;

import io.holdfast.simulator.AcceptRecord.End;
import io.holdfast.simulator.ConnectionHandler;
import io.holdfast.simulator.Deribit;
import io.holdfast.simulator.internal.fault.Routes;
import io.holdfast.simulator.internal.net.Connection;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;

/** The simulated Deribit: makes the scripts of its connections and adds up what they know. */
public final class DeribitEndpoint implements Deribit, Routes.Script {

    /** The path it plays. */
    public static final String PATH = "/ws/api/v2";

    private static final int KEEP_ANSWERS = 10_000;
    private static final State NOTHING = new State(0, "", 0, 0, 0, false, 0, false, Set.of());

    private final Scene scene;
    private final Scripts<DeribitConnection> connections;
    private final ArrayDeque<Answer> answers = new ArrayDeque<>();
    private long sent;
    private long answered;
    private long lost;
    private long cancels;
    private final DeribitAccounts accounts;

    public DeribitEndpoint(Scene scene) {
        this.scene = scene;
        connections = new Scripts<>(scene.options().keepAccepts());
        accounts = new DeribitAccounts(scene.options().expiresIn());
    }

    @Override
    public ConnectionHandler create(Connection connection) {
        DeribitConnection script = new DeribitConnection(scene, connection, this, accounts);
        connections.put(connection.number(), script);
        return script;
    }

    /** The socket of a connection is closed, whosever it was. Loop thread only. */
    public void gone(Connection connection) {
        connections.gone(connection.number());
    }

    /** Sends a {@code test_request}; nothing for a connection of another endpoint. Loop thread only. */
    public void testRequest(Connection connection) {
        DeribitConnection script = connections.get(connection.number());
        if (script != null) {
            script.heartbeat().ask();
        }
    }

    /** Tells a client that it is too slow and ends; nothing for a connection of another endpoint. Loop thread only. */
    public void tooSlow(Connection connection) {
        DeribitConnection script = connections.get(connection.number());
        if (script != null) {
            connection.send(script.tooSlow());
            connection.fin(End.FAULT, "connection_too_slow");
        }
    }

    /** Ends a connection for maintenance; nothing for one of another endpoint. Loop thread only. */
    public void maintenance(Connection connection) {
        DeribitConnection script = connections.get(connection.number());
        if (script != null) {
            script.maintenance();
        }
    }

    /** A connection on which cancel-on-disconnect was enabled ended without log-out. */
    void cancelled() {
        cancels++;
    }

    void answered(Answer answer) {
        if (answers.size() == KEEP_ANSWERS) {
            answers.poll();
        }
        answers.add(answer);
    }

    /** A connection is over: its counts are added to the sums. */
    void ended(DeribitHeartbeat heartbeat) {
        sent += heartbeat.sent();
        answered += heartbeat.answered();
        lost += heartbeat.sent() - heartbeat.answered();
    }

    @Override
    public State state(int connection) {
        return scene.loop().call(() -> {
            DeribitConnection script = connections.get(connection);
            return script == null ? NOTHING : script.state();
        });
    }

    @Override
    public long testRequestsSent() {
        return scene.loop()
                .call(() -> sent
                        + connections.alive().stream()
                                .filter(c -> !c.ended())
                                .mapToLong(c -> c.heartbeat().sent())
                                .sum());
    }

    @Override
    public long testRequestsAnswered() {
        return scene.loop()
                .call(() -> answered
                        + connections.alive().stream()
                                .filter(c -> !c.ended())
                                .mapToLong(c -> c.heartbeat().answered())
                                .sum());
    }

    @Override
    public long testRequestsLost() {
        return scene.loop().call(() -> lost);
    }

    @Override
    public long cancelsOnDisconnect() {
        return scene.loop().call(() -> cancels);
    }

    @Override
    public List<Answer> answers() {
        return scene.loop().call(() -> List.copyOf(answers));
    }
}
