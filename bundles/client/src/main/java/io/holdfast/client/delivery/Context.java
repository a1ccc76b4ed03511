// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.delivery;

import io.holdfast.client.lanes.Environment;

/** What all lanes of one delivery share. */
record Context(
        String clientId,
        Environment environment,
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
