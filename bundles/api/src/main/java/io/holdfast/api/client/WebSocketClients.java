// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.client;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Opens unsupervised clients. In OSGi a bundle-scoped service: when the using bundle stops or lets the service go, its
 * clients are closed with 1001 and forgotten.
 */
@ProviderType
public interface WebSocketClients {
    /**
     * Makes a client and starts it; returns at once. It reconnects by itself and ends after its attempts.
     *
     * @throws io.holdfast.api.options.InvalidOptionException if the id is in use
     */
    WebSocketClient open(ClientOptions options, MessageListener listener);

    /** The same with an observer of its events. */
    WebSocketClient open(ClientOptions options, MessageListener listener, ConnectionListener observer);

    /** The clients opened through this service object that have not ended. */
    List<WebSocketClient> clients();
}
