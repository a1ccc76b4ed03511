// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.heartbeat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A text message of the server that is the heartbeat's business. The length is compared before a byte is looked at.
 *
 * @param name for humans and hooks
 * @param maxLength longer messages are not looked into, bytes; at most 4096
 * @param contains literals (ASCII) that must all stand in the message
 * @param consumed whether the message is kept from the listeners; otherwise they get it too
 * @param effect what it means
 * @param reply sent at once, ahead of everything queued
 * @param lead for {@link Effect#NOTICE}: how long the server will go on; zero when not promised
 */
public record FramePattern(
        String name,
        int maxLength,
        List<String> contains,
        boolean consumed,
        Effect effect,
        Optional<Reply> reply,
        Duration lead) {

    public enum Effect {
        /** Proves life, nothing more. */
        ALIVE,
        /** A heartbeat of the server. */
        BEAT,
        /** The server announces that it will close: a new connection is set up beside this one and takes over. */
        NOTICE,
        /** {@link HeartbeatHooks#onFrame} decides. */
        HOOK
    }

    /**
     * A ready-made reply.
     *
     * @param text the text message
     * @param answer how the server's answer to it is recognised, to measure the round trip and keep it from the listeners
     */
    public record Reply(String text, Optional<Expectation> answer) {
        public Reply {
            Objects.requireNonNull(text);
            Objects.requireNonNull(answer);
        }
    }

    public FramePattern {
        Objects.requireNonNull(name);
        if (maxLength < 1 || maxLength > 4096) {
            throw new IllegalArgumentException("maxLength must be from 1 to 4096");
        }
        if (contains.isEmpty() || contains.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException("a pattern needs at least one literal, none empty");
        }
        contains = List.copyOf(contains);
        Objects.requireNonNull(effect);
        Objects.requireNonNull(reply);
        Objects.requireNonNull(lead);
    }
}
