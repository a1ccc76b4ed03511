// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator;

import java.util.List;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/** What the simulated Deribit ({@code /ws/api/v2}) knows of its clients. Snapshots; connections of the accept log only. */
@ProviderType
public interface Deribit {

    /** State of one connection; everything zero for one that never used this endpoint. */
    State state(int connection);

    /** {@code test_request}s sent on all connections. */
    long testRequestsSent();

    /** {@code test_request}s answered by {@code public/test} on all connections. */
    long testRequestsAnswered();

    /** {@code test_request}s that were not answered while their connection lasted, and are not open any more. */
    long testRequestsLost();

    /** Connections that ended, other than by log-out, while cancel-on-disconnect was enabled on them. */
    long cancelsOnDisconnect();

    /** The last answers to {@code test_request}s on all connections, oldest first. */
    List<Answer> answers();

    /**
     * An answer to a {@code test_request}.
     *
     * @param connection number of the connection
     * @param id the {@code id} of the request as JSON text (a string keeps its quotes)
     * @param params its {@code params} as JSON text; empty when absent
     * @param sentNanos when the {@code test_request} was sent, {@link System#nanoTime()}
     * @param answeredNanos when the answer was read
     */
    record Answer(int connection, String id, String params, long sentNanos, long answeredNanos) {}

    /**
     * State of a connection.
     *
     * @param setHeartbeats how often {@code public/set_heartbeat} was accepted
     * @param firstMethod method of the first request; empty when none came
     * @param interval the interval in force; 0 for none
     * @param testRequestsSent sent so far
     * @param testRequestsAnswered answered so far
     * @param awaitingAnswer whether a {@code test_request} is open
     * @param tests all {@code public/test} requests, asked for or not
     * @param authenticated whether logged in
     * @param subscriptions channels subscribed now
     */
    record State(
            int setHeartbeats,
            String firstMethod,
            double interval,
            long testRequestsSent,
            long testRequestsAnswered,
            boolean awaitingAnswer,
            long tests,
            boolean authenticated,
            Set<String> subscriptions) {}
}
