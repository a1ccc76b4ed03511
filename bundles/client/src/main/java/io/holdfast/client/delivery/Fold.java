// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.delivery;

import io.holdfast.api.client.Continuity;

/**
 * Continuity events of a listener that cannot be told each of them, in short: first interruption and last resumption. Gaps
 * of single streams are left out, for the messages around them are part of a gap of the whole client.
 *
 * @param after number of the client's last message when the newest event came
 * @param joined null, like the others, if there is none
 */
record Fold(
        long after,
        Continuity.Joined joined,
        Continuity.Interrupted interrupted,
        Continuity.Resumed resumed,
        Continuity.Left left) {

    static Fold at(long after) {
        return new Fold(after, null, null, null, null);
    }

    Fold plus(long number, Continuity event) {
        if (event instanceof Continuity.Joined j) {
            return new Fold(number, j, interrupted, resumed, left);
        }
        if (event instanceof Continuity.Interrupted i) {
            return new Fold(number, joined, interrupted == null ? i : interrupted, null, left);
        }
        if (event instanceof Continuity.Resumed r) {
            return new Fold(number, joined, interrupted, r, left);
        }
        if (event instanceof Continuity.Left l) {
            return new Fold(number, joined, interrupted, resumed, l);
        }
        return new Fold(number, joined, interrupted, resumed, left);
    }

    /** Both, one after the other. */
    Fold then(Fold later) {
        boolean newer = later.interrupted != null || later.resumed != null;
        return new Fold(
                Math.max(after, later.after),
                joined == null ? later.joined : joined,
                interrupted == null ? later.interrupted : interrupted,
                newer ? later.resumed : resumed,
                left == null ? later.left : left);
    }
}
