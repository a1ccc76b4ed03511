// SPDX-License-Identifier: Apache-2.0
package io.holdfast.metrics;

import java.net.URI;
import org.osgi.annotation.versioning.ProviderType;

/** Where metrics are served over HTTP; a service of the adapter that serves them, as long as it does. */
@ProviderType
public interface ScrapeEndpoint {
    /** The address in use, with the port that was found when none was asked for. */
    URI uri();
}
