// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.client;

import io.holdfast.api.transport.Secret;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Gives the values that a configuration only names. Asked at every connect, in a lane of its own; a source that throws or
 * does not know the name makes the attempt fail, not the client.
 */
@ConsumerType
public interface CredentialSource {
    /**
     * The values under a name. Values whose key begins with {@code header.} are sent as headers of the upgrade request
     * ({@code header.Authorization}); {@code truststore} is the password of the trust store;
     * those that begin with {@code exchange.} are for the exchange plugin.
     *
     * @throws IllegalArgumentException if the name is not known; the text must not hold a value
     */
    Map<String, Secret> credentials(String name);
}
