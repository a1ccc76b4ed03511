// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.delivery;

import io.holdfast.api.client.Continuity;
import java.util.ArrayList;
import java.util.List;

/**
 * Continuity events of a listener that cannot be told each of them, in short: first interruption, last resumption, and one
 * gap for each stream. The gap of the whole client does not stand for those of streams, for what a {@link Sieve} kept back and
 * gave up never got a number of the client.
 *
 * @param after number of the client's last message when the newest event came
 * @param joined null, like the others but the gaps, if there is none
 * @param gaps of each stream one that spans all of its gaps, in the order in which the streams had their first
 */
record Fold(
        long after,
        Continuity.Joined joined,
        List<Continuity.Gap> gaps,
        Continuity.Interrupted interrupted,
        Continuity.Resumed resumed,
        Continuity.Left left) {

    static Fold at(long after) {
        return new Fold(after, null, List.of(), null, null, null);
    }

    Fold plus(long number, Continuity event) {
        if (event instanceof Continuity.Joined j) {
            return new Fold(number, j, gaps, interrupted, resumed, left);
        }
        if (event instanceof Continuity.Gap g) {
            return new Fold(number, joined, spanning(gaps, List.of(g)), interrupted, resumed, left);
        }
        if (event instanceof Continuity.Interrupted i) {
            return new Fold(number, joined, gaps, interrupted == null ? i : interrupted, null, left);
        }
        if (event instanceof Continuity.Resumed r) {
            return new Fold(number, joined, gaps, interrupted, r, left);
        }
        if (event instanceof Continuity.Left l) {
            return new Fold(number, joined, gaps, interrupted, resumed, l);
        }
        return new Fold(number, joined, gaps, interrupted, resumed, left);
    }

    /** Both, one after the other. */
    Fold then(Fold later) {
        boolean newer = later.interrupted != null || later.resumed != null;
        return new Fold(
                Math.max(after, later.after),
                joined == null ? later.joined : joined,
                spanning(gaps, later.gaps),
                interrupted == null ? later.interrupted : interrupted,
                newer ? later.resumed : resumed,
                left == null ? later.left : left);
    }

    private static List<Continuity.Gap> spanning(List<Continuity.Gap> before, List<Continuity.Gap> later) {
        if (later.isEmpty()) {
            return before;
        }
        List<Continuity.Gap> all = new ArrayList<>(before);
        for (Continuity.Gap gap : later) {
            int at = 0;
            while (at < all.size() && !all.get(at).stream().equals(gap.stream())) {
                at++;
            }
            if (at == all.size()) {
                all.add(gap);
            } else {
                all.set(at, spanning(all.get(at), gap));
            }
        }
        return List.copyOf(all);
    }

    private static Continuity.Gap spanning(Continuity.Gap first, Continuity.Gap later) {
        return new Continuity.Gap(
                first.stream(), Math.min(first.from(), later.from()), Math.max(first.to(), later.to()), first.cause());
    }
}
