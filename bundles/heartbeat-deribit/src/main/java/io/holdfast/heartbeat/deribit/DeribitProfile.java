// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.deribit;

import io.holdfast.api.heartbeat.Expectation;
import io.holdfast.api.heartbeat.FramePattern;
import io.holdfast.api.heartbeat.FramePattern.Effect;
import io.holdfast.api.heartbeat.FramePattern.Reply;
import io.holdfast.api.heartbeat.HeartbeatProfile;
import io.holdfast.api.heartbeat.HeartbeatProfile.Alive;
import io.holdfast.api.heartbeat.SetupStep;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** From settings to the profile. Pure. */
final class DeribitProfile {
    /** Both heartbeat frames have about 70 bytes; the rest is room for a field more, and keeps data frames unsearched. */
    private static final int LONGEST_FRAME = 160;

    private DeribitProfile() {}

    static HeartbeatProfile of(DeribitSettings settings) {
        return HeartbeatProfile.of(DeribitHeartbeat.NAME)
                .withSetup(List.of(setHeartbeat(settings)))
                .withPatterns(List.of(testRequest(settings), heartbeat()))
                // At least one test_request falls into two intervals, whatever else flows.
                .withSilence(
                        Alive.ANY_FRAME, settings.interval().multipliedBy(2).plus(settings.roundTrip()))
                // Data may flow while the server has lost the heartbeat; 1.25 intervals is the longest pause seen.
                .withBeatWithin(settings.interval().multipliedBy(5).dividedBy(2));
    }

    private static SetupStep setHeartbeat(DeribitSettings settings) {
        // No marker here: another marker must not make the step a new one on a living connection.
        String text =
                "{\"jsonrpc\":\"2.0\",\"id\":\"${id}\",\"method\":\"public/set_heartbeat\",\"params\":{\"interval\":"
                        + settings.seconds()
                        + "}}";
        Expectation ok = new Expectation(List.of("\"id\":\"${id}\""), List.of("\"result\":\"ok\""), true);
        return new SetupStep(SetupStep.HEARTBEAT, "set_heartbeat", text, Optional.of(ok), settings.limit());
    }

    /** Loose on order and spaces, because a test_request not recognised costs the connection. */
    private static FramePattern testRequest(DeribitSettings settings) {
        String id = settings.marker() + "${id}";
        String text = "{\"jsonrpc\":\"2.0\",\"id\":\"" + id + "\",\"method\":\"public/test\",\"params\":{}}";
        Expectation answer = new Expectation(List.of("\"id\":\"" + id + "\""), List.of(), true);
        return new FramePattern(
                "test_request",
                LONGEST_FRAME,
                List.of("\"test_request\"", "\"heartbeat\"", "\"method\""),
                true,
                Effect.BEAT,
                Optional.of(new Reply(text, Optional.of(answer))),
                Duration.ZERO);
    }

    /** Exact, because a frame missed here costs nothing and one taken wrongly is kept from the listeners. Often not sent at all. */
    private static FramePattern heartbeat() {
        return new FramePattern(
                "heartbeat",
                LONGEST_FRAME,
                List.of("\"method\":\"heartbeat\"", "\"type\":\"heartbeat\""),
                true,
                Effect.ALIVE,
                Optional.empty(),
                Duration.ZERO);
    }
}
