// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.exchange;

import io.holdfast.api.transport.Secret;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What an exchange wants, as data and functions. It holds no state of a connection: the engine does, so that a protocol can
 * be replaced under a living connection and serve two connections at once while one takes over from the other.
 *
 * <p>Every method depends on its arguments alone, returns at once, and is called in the client's plugin lane.
 */
@ConsumerType
public interface ExchangeProtocol {
    /** Plain data that the engine executes; asked for once. */
    ExchangeProfile profile();

    /**
     * What must be asked of the exchange before each connection; asked for once, with the profile. Empty: the configured
     * address is used as it is.
     */
    default Optional<Preparation> preparation() {
        return Optional.empty();
    }

    /**
     * What is known of a channel by its name alone.
     *
     * @throws IllegalArgumentException if there can be no such channel, or none on this client's path; the text says why
     */
    ChannelSpec channel(String name);

    /**
     * What must be said on every connection before channels are asked for, in order of phase; asked for on each connection.
     *
     * @throws IllegalArgumentException if a credential is missing; the text names it and holds no value
     */
    List<SessionStep> session(SessionContext context);

    /**
     * When and how what a step brought must be renewed.
     *
     * @param answer the answer that accepted the step
     */
    default Optional<Renewal> renewal(SessionStep step, Answer answer) {
        return Optional.empty();
    }

    /** Asks for channels; all have the same phase, and their number and length are within the profile's bounds. */
    Call subscribe(List<String> channels, int phase);

    /**
     * The same where the call must hold something that the connection's preparation gave.
     *
     * @param values as in {@link Prepared.To#values()}; empty without a preparation
     */
    default Call subscribe(List<String> channels, int phase, Map<String, Secret> values) {
        return subscribe(channels, phase);
    }

    /** Gives channels back; all have the same phase. */
    Call unsubscribe(List<String> channels, int phase);

    /** The same where the call must hold something that the connection's preparation gave. */
    default Call unsubscribe(List<String> channels, int phase, Map<String, Secret> values) {
        return unsubscribe(channels, phase);
    }

    /** Asks which channels there are; sent after all were acknowledged, where an acknowledgement proves nothing. */
    default Optional<Call> list() {
        return Optional.empty();
    }

    /** Reads a frame that a {@link FrameRule} of the kind {@code ANSWER} or {@code EVENT} named. */
    Inbound decode(String frame);
}
