// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.exchange;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.exchange.Limit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The limits that options set for each connection, as buckets. In no second leaves more than a full bucket and what comes back
 * in that second; together they are less than the limit, by what is kept for a heartbeat or pong. Pure.
 *
 * @param limits of messages and bytes, as far as there are
 * @param mostBytes what the bucket of bytes holds: no longer message ever fits
 * @param longest message that the server takes, bytes
 */
public record SendLimits(List<Limit> limits, long mostBytes, long longest) {
    private static final String MESSAGES = "send.limit.messages";
    private static final String BYTES = "send.limit.bytes";
    private static final String LONGEST = "longest message of the exchange";

    /** There is never more than one heartbeat or pong in a second. */
    private static final int HEARTBEATS = 1;

    private static final int HEARTBEAT_BYTES = 256;

    public SendLimits {
        limits = List.copyOf(limits);
    }

    /** @param longest message that the server takes, bytes */
    public static SendLimits of(ClientOptions options, long longest) {
        List<Limit> limits = new ArrayList<>();
        int messages = options.sendLimitMessages();
        int burst = options.sendLimitBurst();
        if (messages > 0) {
            limits.add(new Limit(MESSAGES, burst, messages - HEARTBEATS - burst, true));
        }
        int bytes = options.sendLimitBytes() - HEARTBEAT_BYTES;
        if (bytes > 0) {
            limits.add(new Limit(BYTES, bytes / 2, bytes / 2, true));
        }
        return new SendLimits(limits, bytes > 0 ? bytes / 2 : Long.MAX_VALUE, longest);
    }

    public boolean none() {
        return limits.isEmpty();
    }

    /** Which limit never has room for a message so long; empty if there is none. */
    String tooLong(int bytes) {
        if (bytes > mostBytes) {
            return BYTES;
        }
        return bytes > longest ? LONGEST : "";
    }

    Map<String, Long> costs(int bytes) {
        return switch (limits.size()) {
            case 0 -> Map.of();
            case 1 -> Map.of(limits.get(0).name(), limits.get(0).name().equals(BYTES) ? (long) bytes : 1L);
            default -> Map.of(MESSAGES, 1L, BYTES, (long) bytes);
        };
    }
}
