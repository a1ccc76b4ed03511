// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.exchange;

import io.holdfast.api.options.OptionValues;
import java.net.URI;
import java.util.Objects;

/**
 * For whom a protocol is made.
 *
 * @param clientId the client
 * @param uri where it connects: some exchanges serve some channels on some paths only
 * @param options the client's {@code exchange.…} options, read by {@link ExchangeFactory#options()}
 */
public record ExchangeContext(String clientId, URI uri, OptionValues options) {
    public ExchangeContext {
        Objects.requireNonNull(clientId);
        Objects.requireNonNull(uri);
        Objects.requireNonNull(options);
    }

    /** Without the query, which may hold tokens. */
    @Override
    public String toString() {
        return "ExchangeContext[" + clientId + ", " + uri.getHost() + "]";
    }
}
