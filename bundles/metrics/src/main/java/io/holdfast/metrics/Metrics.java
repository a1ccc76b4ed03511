// SPDX-License-Identifier: Apache-2.0
package io.holdfast.metrics;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** All figures of all clients and groups; a service of the metrics bundle. Any thread. */
@ProviderType
public interface Metrics {
    /**
     * The figures now. Reads snapshots when called and never waits; costs nothing while nobody calls.
     *
     * @return in a fixed order, each metric once, also without samples
     */
    List<Metric> read();
}
