// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.Continuity.UnknownCall;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What the loss of a connection may have cost, until it is told with the resumption: channels that were subscribed, and calls
 * of which nobody knows whether they were carried out. Confined to the mailbox.
 */
final class LossReport {
    /** Calls told at most; more than this is told by the interruption alone. */
    private static final int MOST_CALLS = 10_000;

    private final Set<String> channels = new LinkedHashSet<>();
    private final List<UnknownCall> calls = new ArrayList<>();

    void channels(Collection<String> lost) {
        channels.addAll(lost);
    }

    void call(String id, String method) {
        if (calls.size() < MOST_CALLS) {
            calls.add(new UnknownCall(id, method));
        }
    }

    /** Forgets them. */
    List<String> takeChannels() {
        List<String> taken = List.copyOf(channels);
        channels.clear();
        return taken;
    }

    /** Forgets them. */
    List<UnknownCall> takeCalls() {
        List<UnknownCall> taken = List.copyOf(calls);
        calls.clear();
        return taken;
    }
}
