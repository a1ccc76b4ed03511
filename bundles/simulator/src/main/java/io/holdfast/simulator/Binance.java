// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator;

import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/** What the simulated Binance knows of its clients. Snapshots; connections of the accept log only. */
@ProviderType
public interface Binance {

    /** State of one connection; everything zero for one that never used these endpoints. */
    State state(int connection);

    /**
     * State of a connection.
     *
     * @param pingsSent ping frames of the server's timer
     * @param pongsMatched pongs with the payload of such a ping
     * @param pongsUnsolicited all other pongs: counted, not credited
     * @param messages frames that count against the message limit
     * @param combined whether events are wrapped with their stream name
     * @param subscriptions streams subscribed now
     */
    record State(
            long pingsSent,
            long pongsMatched,
            long pongsUnsolicited,
            long messages,
            boolean combined,
            Set<String> subscriptions) {}
}
