// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.delivery;

import io.holdfast.client.lanes.Environment;

/**
 * What all lanes of one delivery share.
 *
 * @param direct whether listeners are called on the transport's thread
 */
record Context(
        String clientId,
        Environment environment,
        boolean direct,
        Turn turn,
        Delivery.Owner owner,
        Tally tally,
        Pressure pressure,
        Conflation conflation) {
    /** Number of the client's last message; steady inside the turn. */
    long last() {
        return tally.messages();
    }
}
