/** How a plugin tells the engine, mostly as plain data, in what way an exchange wants liveness proved. */
@Export
@Version("1.0.0")
package io.holdfast.api.heartbeat;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
