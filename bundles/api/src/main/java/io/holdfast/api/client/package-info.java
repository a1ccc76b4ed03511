/** What a user of a WebSocket client sees: the client, its options, messages, continuity, events and figures. */
@Export
@Version("1.0.0")
package io.holdfast.api.client;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
