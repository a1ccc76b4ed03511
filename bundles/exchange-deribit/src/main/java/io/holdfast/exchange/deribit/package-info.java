/** Deribit's JSON-RPC for users of a client with {@code exchange.type=deribit}. */
@Export
@Version("1.0.0")
package io.holdfast.exchange.deribit;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
