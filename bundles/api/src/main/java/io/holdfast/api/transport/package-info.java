/** The contract between the connection engine and the one bundle that knows a WebSocket library. */
@Export
@Version("1.0.0")
package io.holdfast.api.transport;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
