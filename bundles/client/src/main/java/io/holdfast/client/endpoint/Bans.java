// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.endpoint;

import io.holdfast.client.endpoint.BanStore.Ban;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The bans in force, whether or not their groups exist at the moment. Guarded by the lock of {@link EndpointGroups}. */
final class Bans {
    /** A ban and its end on the monotonic clock, which no correction of the wall clock moves. */
    record Active(Ban ban, long untilNanos) {}

    private static final int MOST = 256;

    private final List<Active> all = new ArrayList<>();

    /** Returns whether it is news: a later end than is known for this group and host. */
    boolean add(Active ban, long now) {
        all.removeIf(a -> a.untilNanos() - now <= 0);
        for (Active a : all) {
            if (sameTarget(a.ban(), ban.ban()) && a.untilNanos() - ban.untilNanos() >= 0) {
                return false;
            }
        }
        all.removeIf(a -> sameTarget(a.ban(), ban.ban()));
        all.add(ban);
        if (all.size() > MOST) {
            all.remove(all.stream()
                    .min(Comparator.comparingLong(a -> a.untilNanos() - now))
                    .orElseThrow());
        }
        return true;
    }

    List<Active> inForce(long now) {
        return all.stream().filter(a -> a.untilNanos() - now > 0).toList();
    }

    private static boolean sameTarget(Ban a, Ban b) {
        return a.group().equals(b.group()) && a.host().equals(b.host());
    }
}
