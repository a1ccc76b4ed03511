/**
 * How a plugin tells the engine in what way an exchange wants log-in, subscriptions and requests done, and what users of
 * such a client see.
 */
@Export
@Version("1.0.0")
package io.holdfast.api.exchange;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
