// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.generic;

import io.holdfast.api.heartbeat.Expectation;
import io.holdfast.api.heartbeat.FramePattern;
import io.holdfast.api.heartbeat.FramePattern.Effect;
import io.holdfast.api.heartbeat.FramePattern.Reply;
import io.holdfast.api.heartbeat.SetupStep;
import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.api.options.OptionValues;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the server sends, from the options. Pure. */
final class ServerSide {
    private static final int LONGEST_FRAME = 512;

    private final OptionValues values;

    ServerSide(OptionValues values) {
        this.values = values;
    }

    List<FramePattern> patterns() {
        List<FramePattern> patterns = new ArrayList<>();
        Optional<String> reply = values.optionalText(GenericOptions.SERVER_REPLY);
        Optional<String> ping = values.optionalText(GenericOptions.SERVER_PING);
        if (reply.isPresent() && ping.isEmpty()) {
            throw new InvalidOptionException(
                    GenericOptions.SERVER_REPLY, "needs heartbeat.server.ping, which says to what is replied");
        }
        ping.map(p -> heartbeat(Literals.of(GenericOptions.SERVER_PING, p), reply))
                .ifPresent(patterns::add);
        notice().ifPresent(patterns::add);
        return patterns;
    }

    /** The greeting as a step of the set-up, if there is one. */
    List<SetupStep> setup() {
        return values.optionalText(GenericOptions.GREETING)
                .map(text -> new SetupStep(
                        SetupStep.GREETING,
                        "greeting",
                        "",
                        Optional.of(new Expectation(
                                Literals.of(GenericOptions.GREETING, text),
                                List.of(),
                                values.flag(GenericOptions.CONSUME),
                                LONGEST_FRAME)),
                        Bounds.positive(values, GenericOptions.GREETING_LIMIT)))
                .map(List::of)
                .orElse(List.of());
    }

    private FramePattern heartbeat(List<String> literals, Optional<String> reply) {
        return new FramePattern(
                "server-ping",
                LONGEST_FRAME,
                literals,
                values.flag(GenericOptions.CONSUME),
                Effect.BEAT,
                reply.map(text -> new Reply(text, Optional.empty())),
                Duration.ZERO);
    }

    private Optional<FramePattern> notice() {
        Duration lead = Bounds.orZero(values, GenericOptions.NOTICE_LEAD);
        Optional<String> notice = values.optionalText(GenericOptions.NOTICE);
        if (notice.isEmpty() && !lead.isZero()) {
            throw new InvalidOptionException(
                    GenericOptions.NOTICE_LEAD, "needs heartbeat.notice, which says what the notice is");
        }
        return notice.map(text -> new FramePattern(
                "notice",
                LONGEST_FRAME,
                Literals.of(GenericOptions.NOTICE, text),
                false,
                Effect.NOTICE,
                Optional.empty(),
                lead));
    }
}
