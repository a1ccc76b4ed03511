/** The way in from plain Java. */
@Export
@Version("1.0.0")
package io.holdfast.client;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
