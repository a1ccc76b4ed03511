// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.exchange;

import io.holdfast.api.exchange.ExchangeProfile;
import io.holdfast.api.exchange.ExchangeProfile.ChannelKey;
import io.holdfast.api.exchange.FrameRule;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A profile's rules for frames, and where a frame names its channel, as bytes to look for. Makes nothing while looking. Immutable. */
final class FrameRules {
    private final List<FrameRule> rules;
    private final byte[][][] literals;

    /** Null where frames name no channel. */
    private final byte[] before;

    private final int within;

    FrameRules(ExchangeProfile profile) {
        rules = profile.frames();
        literals = rules.stream()
                .map(r -> r.contains().stream()
                        .map(c -> c.getBytes(StandardCharsets.US_ASCII))
                        .toArray(byte[][]::new))
                .toArray(byte[][][]::new);
        before = profile.channelKey()
                .map(k -> k.before().getBytes(StandardCharsets.US_ASCII))
                .orElse(null);
        within = profile.channelKey().map(ChannelKey::within).orElse(0);
    }

    /** The first rule that matches, or null. */
    FrameRule first(ByteBuffer payload) {
        for (int i = 0; i < literals.length; i++) {
            FrameRule rule = rules.get(i);
            if (matches(payload, rule.within(), literals[i])) {
                return rule;
            }
        }
        return null;
    }

    private static boolean matches(ByteBuffer payload, int within, byte[][] all) {
        for (byte[] literal : all) {
            if (Bytes.after(payload, within, literal) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Where the channel's name begins, which ends at the next quote; below 0 where there is none. */
    int channelBegins(ByteBuffer payload) {
        return before == null ? -1 : Bytes.after(payload, within, before);
    }
}
