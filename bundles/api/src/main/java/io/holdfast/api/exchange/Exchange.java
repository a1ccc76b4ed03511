// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.exchange;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The exchange behind a client that names an {@code exchange.type}. Stays the same over reconnects and restarts. Every method
 * may be called from any thread, also from callbacks, and returns at once; stages are completed on a publishing thread.
 */
@ProviderType
public interface Exchange {
    /** The type of the plugin. */
    String type();

    /**
     * Sends a request on the connection that is set up. The stage completes exactly once: with the answer that accepts it, or
     * with {@link CallFailedException}, also after the client's end. At most 4,096 may wait for the exchange's limits or for
     * their answers; one more is not sent. What the session asks by itself goes before them.
     */
    CompletionStage<Answer> call(Call call);

    /**
     * Channels that are wanted from here on, on this and every later connection. Those of the configuration ({@code
     * exchange.channels}) are wanted from the beginning. What became of them tells {@link #channels()}.
     */
    void subscribe(Collection<String> channels);

    /** Channels that are not wanted any more. */
    void unsubscribe(Collection<String> channels);

    /** What is known of every channel that is wanted or was not given back yet, by name. */
    List<ChannelStatus> channels();

    /** Messages left out because a newer one of their channel had come, by channel that is conflated; counted for each listener. */
    default Map<String, Long> conflated() {
        return Map.of();
    }

    /** Whether a log-in was accepted on the present connection and nothing has revoked it. */
    boolean loggedIn();
}
