// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.client;

import java.time.Duration;
import java.util.Optional;

/**
 * A client's figures in one moment; counters count over the client's life.
 *
 * @param incarnation number of the newest incarnation; grows with every start, under a supervisor not by one
 * @param connection number of the newest connection or attempt
 * @param attempts attempts to connect
 * @param opens upgrades that succeeded
 * @param losses open connections that ended without being asked to
 * @param messagesIn messages received
 * @param bytesIn their payload, bytes
 * @param messagesOut messages handed to the operating system
 * @param dropped messages not delivered, by a stated policy
 * @param queued messages waiting for the listeners
 * @param listenerFaults exceptions thrown by listeners
 * @param heartbeats heartbeats answered by either side
 * @param staleCallbacks callbacks of connections that were no longer current
 * @param hungPluginCalls plugin calls that have not returned yet although their limit passed
 * @param rotations connections that took over from another without a break
 * @param streamsSwitched streams without numbers that went from one connection to another in a rotation, quiet ones
 *     too: nothing is repeated or missed where both connections brought the same bytes; else an update, or as many as they were apart
 * @param lastMessageAgo time since the last message, empty before the first
 */
public record ClientMetrics(
        long incarnation,
        long connection,
        long attempts,
        long opens,
        long losses,
        long messagesIn,
        long bytesIn,
        long messagesOut,
        long dropped,
        long queued,
        long listenerFaults,
        long heartbeats,
        long staleCallbacks,
        int hungPluginCalls,
        long rotations,
        long streamsSwitched,
        Optional<Duration> lastMessageAgo) {}
