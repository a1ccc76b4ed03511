// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.net;

import io.holdfast.simulator.SimulatorOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** What a connection needs from the simulator around it. Called on the loop thread, but for {@link #await}. */
public interface Host {

    SimulatorOptions options();

    /** A complete and correct request is there; the host answers it by one of the connection's answer methods. */
    void requested(Connection connection);

    /**
     * A request that asks for no upgrade.
     *
     * @param otherwise status to refuse it with when it is for nothing there is
     */
    void asked(Connection connection, int otherwise);

    /** The socket is closed. */
    void gone(Connection connection);

    /** Whether a client's ping is to be left unanswered. */
    boolean pongsWithheld(Connection connection);

    /**
     * Waits off the loop until the question, asked on the loop after each of its passes, has an answer.
     *
     * @throws IllegalStateException when it has none within the limit, or when called on the loop
     */
    <T> T await(String what, Supplier<Optional<T>> question, Duration limit);
}
