/** Tests that every heartbeat plugin must pass, against a scripted exchange over a real socket. */
@Export
@Version("1.0.0")
package io.holdfast.heartbeat.kit;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
