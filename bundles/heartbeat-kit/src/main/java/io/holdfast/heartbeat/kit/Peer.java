// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.kit;

import io.holdfast.simulator.Received;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The exchange a plugin is for, as the simulator plays it, fast enough for a test. It must cut a client that proves nothing:
 * the kit checks that first, because a peer that cuts nobody proves nothing either. {@link ScriptedPeer} plays most.
 */
@ConsumerType
public interface Peer {
    /**
     * A way to connect.
     *
     * @param path with query, as in {@link Simulator#uri}
     * @param openMessages sent by the client on every connection
     */
    record Line(String path, List<String> openMessages) {
        public Line {
            openMessages = List.copyOf(openMessages);
        }
    }

    /** How the simulator is started. */
    default SimulatorOptions.Builder simulator() {
        return SimulatorOptions.builder();
    }

    /** Gives a simulator that has just been started the scripts of this exchange. */
    default void install(Simulator simulator) {}

    /** Where nothing but heartbeats flows. */
    Line idle();

    /** Where data flows without a pause. */
    Line busy();

    /** Whether something received from a client is a heartbeat of it, one it sent by itself or an answer. */
    boolean isBeat(Received received);

    /** Whether answering ping frames, which the engine always does, is all that the exchange wants. */
    default boolean pongsSuffice() {
        return false;
    }
}
