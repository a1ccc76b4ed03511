// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.heartbeat;

import io.holdfast.api.options.OptionValues;
import java.util.Objects;

/**
 * For whom a heartbeat is made.
 *
 * @param clientId the client
 * @param options the client's {@code heartbeat.…} options, read by {@link HeartbeatFactory#options()}
 */
public record HeartbeatContext(String clientId, OptionValues options) {
    public HeartbeatContext {
        Objects.requireNonNull(clientId);
        Objects.requireNonNull(options);
    }
}
