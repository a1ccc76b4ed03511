// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.binance;

import io.holdfast.api.heartbeat.FramePattern;
import io.holdfast.api.heartbeat.FramePattern.Effect;
import io.holdfast.api.heartbeat.HeartbeatProfile;
import io.holdfast.api.heartbeat.HeartbeatProfile.Alive;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** From settings to the profile. Pure. */
final class BinanceProfile {
    /** The longest of the three notices has about 80 bytes; most trades and tickers are longer and stay unsearched. */
    private static final int LONGEST_NOTICE = 160;

    private BinanceProfile() {}

    static HeartbeatProfile of(BinanceSettings settings) {
        return HeartbeatProfile.of(BinanceHeartbeat.NAME)
                .withPatterns(List.of(
                        notice("serverShutdown/combined", "\"!serverShutdown\"", "\"stream\"", "\"data\""),
                        notice("serverShutdown/api", "\"serverShutdown\"", "\"event\"", "\"e\""),
                        notice("serverShutdown/bare", "\"serverShutdown\"", "\"e\"", "\"E\"")))
                .withSilence(Alive.ANY_FRAME, settings.silence())
                .withBeatWithin(settings.deadline());
    }

    /**
     * Names and values are literals of their own, so that neither the order of the keys nor spaces matter. Not consumed: a
     * listener may want to know. No lead, because none is promised.
     */
    private static FramePattern notice(String name, String... literals) {
        return new FramePattern(
                name, LONGEST_NOTICE, List.of(literals), false, Effect.NOTICE, Optional.empty(), Duration.ZERO);
    }
}
