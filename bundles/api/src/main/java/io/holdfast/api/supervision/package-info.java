/** The contract between anything that can be supervised (a {@link io.holdfast.api.supervision.Child}) and a supervisor; words as in Erlang/OTP. */
@Export
@Version("1.0.0")
package io.holdfast.api.supervision;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
