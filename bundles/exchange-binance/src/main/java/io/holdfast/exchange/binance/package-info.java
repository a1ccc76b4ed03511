/** Binance's WebSocket API for users of a client with {@code exchange.type=binance}. */
@Export
@Version("1.0.0")
package io.holdfast.exchange.binance;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
