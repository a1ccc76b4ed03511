// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.client;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Starts supervised clients in one group. In OSGi a bundle-scoped service of the client bundle with the property {@code
 * supervisor.group}, one for each configured group, there whether or not the supervisor is. When the using bundle stops or
 * lets the service go, its clients are closed with 1001 and forgotten.
 */
@ProviderType
public interface ClientSupervisor {
    String group();

    /**
     * Makes a client of the group; returns at once with the stable handle. A client that never opened ends, and {@link
     * WebSocketClient#opened()} fails with the real cause, unless {@code initial.failure} is {@code restart}.
     *
     * @throws io.holdfast.api.options.InvalidOptionException if the id is in use or another group is named
     */
    WebSocketClient startClient(ClientOptions options, MessageListener listener);

    /** The same with an observer of its events. */
    WebSocketClient startClient(ClientOptions options, MessageListener listener, ConnectionListener observer);

    /** The clients of this group that were started through this service object and have not ended. */
    List<WebSocketClient> clients();

    /** Closes with 1000 and forgets; completes when nothing of it is left. */
    CompletionStage<Void> stopClient(WebSocketClient client);
}
