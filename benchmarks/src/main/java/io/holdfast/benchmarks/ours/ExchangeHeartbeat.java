// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks.ours;

import io.holdfast.api.heartbeat.Expectation;
import io.holdfast.api.heartbeat.FramePattern;
import io.holdfast.api.heartbeat.Heartbeat;
import io.holdfast.api.heartbeat.HeartbeatContext;
import io.holdfast.api.heartbeat.HeartbeatFactory;
import io.holdfast.api.heartbeat.HeartbeatProfile;
import io.holdfast.api.options.OptionSet;
import io.holdfast.heartbeat.deribit.DeribitHeartbeat;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Deribit's heartbeat without its request for heartbeats, which load servers do not answer: what it costs per message is the
 * same. A server of type {@link #QUIET} sends none at all, so that none is waited for.
 */
public final class ExchangeHeartbeat implements HeartbeatFactory {
    public static final String BEATING = "exchange";
    public static final String QUIET = "exchange-quiet";

    private final HeartbeatFactory deribit = new DeribitHeartbeat();
    private final String type;

    ExchangeHeartbeat(String type) {
        this.type = type;
    }

    @Override
    public String type() {
        return type;
    }

    @Override
    public OptionSet options() {
        return deribit.options();
    }

    @Override
    public Heartbeat open(HeartbeatContext context) {
        HeartbeatProfile profile = deribit.open(context).profile().withSetup(List.of());
        return Heartbeat.of(
                type.equals(BEATING)
                        ? profile.withPatterns(profile.patterns().stream()
                                .map(ExchangeHeartbeat::answeredByLoadServer)
                                .toList())
                        : profile.withSilence(HeartbeatProfile.Alive.ANY_FRAME, Duration.ofHours(1))
                                .withBeatWithin(Duration.ZERO));
    }

    /** An exchange answers with the id of the request, the yardstick's server always with 1: that would be a message for listeners. */
    private static FramePattern answeredByLoadServer(FramePattern pattern) {
        Expectation answer = new Expectation(List.of("\"id\":1,"), List.of(), true);
        return new FramePattern(
                pattern.name(),
                pattern.maxLength(),
                pattern.contains(),
                pattern.consumed(),
                pattern.effect(),
                pattern.reply().map(reply -> new FramePattern.Reply(reply.text(), Optional.of(answer))),
                pattern.lead());
    }
}
