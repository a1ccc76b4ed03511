// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.heartbeat;

import org.osgi.annotation.versioning.ConsumerType;

/** Code of a plugin, for what a {@link FramePattern} cannot decide. Runs in the client's plugin lane. */
@ConsumerType
public interface HeartbeatHooks {
    /**
     * A frame matched a pattern whose effect is {@link FramePattern.Effect#HOOK}.
     *
     * @param pattern the pattern's name
     * @param frame the frame's text
     */
    HookVerdict onFrame(String pattern, String frame);
}
