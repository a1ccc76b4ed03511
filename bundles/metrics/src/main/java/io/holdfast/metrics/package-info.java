/** What clients and groups measure, in a form that any metrics system can take over. Nothing is measured for it: it reads the snapshots there are. */
@Export
@Version("1.0.0")
package io.holdfast.metrics;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
