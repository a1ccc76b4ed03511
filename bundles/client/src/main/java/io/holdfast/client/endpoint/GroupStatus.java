// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.endpoint;

import java.util.List;
import java.util.Optional;

/**
 * An endpoint group as an operator sees it.
 *
 * @param id of its configuration, or the host name
 * @param configured whether it has a configuration
 * @param hostPatterns empty unless configured
 * @param grantedInWindow attempts granted within the window that ends now
 * @param waiting clients that wait for an attempt
 * @param open attempts and connections that have not ended
 * @param burstTokens attempts without delay that are left
 */
public record GroupStatus(
        String id,
        boolean configured,
        List<String> hostPatterns,
        AttemptPolicy policy,
        int grantedInWindow,
        int waiting,
        int open,
        int burstTokens,
        Optional<BanInfo> ban) {

    public GroupStatus {
        hostPatterns = List.copyOf(hostPatterns);
    }
}
