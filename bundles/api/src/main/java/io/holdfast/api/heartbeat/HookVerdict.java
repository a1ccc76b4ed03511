// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.heartbeat;

import java.time.Duration;
import java.util.Objects;

/**
 * What a hook made of a frame.
 *
 * @param text the reply of {@link Kind#REPLY}, the reason of {@link Kind#DEAD}, else empty
 * @param lead the notice given by {@link Kind#NOTICE}, else zero
 */
public record HookVerdict(Kind kind, String text, Duration lead) {
    public enum Kind {
        NONE,
        /** The frame is a heartbeat of the server. */
        BEAT,
        /** Send the text, ahead of everything queued. */
        REPLY,
        /** The server will close soon. */
        NOTICE,
        /** The connection is dead. */
        DEAD
    }

    public static final HookVerdict NONE = new HookVerdict(Kind.NONE, "", Duration.ZERO);

    public HookVerdict {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(text);
        Objects.requireNonNull(lead);
    }
}
