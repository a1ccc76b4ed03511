/** Declaration and strict parsing of options, shared by every PID and builder. */
@Export
@Version("1.0.0")
package io.holdfast.api.options;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
