// SPDX-License-Identifier: Apache-2.0
/** Records the frames of clients as lines of JSON. */
@Export
@Version("1.0.0")
package io.holdfast.recorder;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
