// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import io.holdfast.api.transport.ConnectRequest;
import io.holdfast.api.transport.Transport;
import io.holdfast.api.transport.TransportConnection;
import io.holdfast.api.transport.TransportListener;
import java.util.Map;

/** Connects to simulated servers by host name; can misbehave as transports do: late and doubled callbacks. */
final class SimulatedTransport implements Transport {
    /** Told of each attempt as it begins, and of each message. */
    interface Watch {
        void attempt(String clientId, String host, SimulatedConnection connection);

        /** Right before the engine gets it. */
        void arrives(SimulatedConnection connection, String text);
    }

    private final VirtualEnvironment environment;
    private final Map<String, SimulatedServer> servers;
    private final Watch watch;
    private final SimulatedDesk desk;

    /** New attempts are neither answered nor reported, not even as timed out. */
    boolean mute;

    double lateChance;
    double doubledChance;
    int lateCallbacks;
    int doubledCallbacks;

    SimulatedTransport(
            VirtualEnvironment environment, Map<String, SimulatedServer> servers, Watch watch, SimulatedDesk desk) {
        this.environment = environment;
        this.servers = servers;
        this.watch = watch;
        this.desk = desk;
    }

    /** The client's id is the path, as every client of a simulation has its own. */
    @Override
    public TransportConnection connect(ConnectRequest request, TransportListener listener) {
        String host = request.uri().getHost();
        SimulatedConnection connection = new SimulatedConnection(environment, this, request, listener);
        watch.attempt(request.uri().getPath().substring(1), host, connection);
        desk.seen(request.uri());
        connection.begin(servers.get(host));
        return connection;
    }

    void arrives(SimulatedConnection connection, String text) {
        watch.arrives(connection, text);
    }

    /** Whether a callback that should not come any more comes all the same. */
    boolean late() {
        boolean late = lateChance > 0 && environment.random().nextDouble() < lateChance;
        lateCallbacks += late ? 1 : 0;
        return late;
    }

    boolean doubled() {
        boolean doubled = doubledChance > 0 && environment.random().nextDouble() < doubledChance;
        doubledCallbacks += doubled ? 1 : 0;
        return doubled;
    }
}
