// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.exchange;

import java.util.Objects;

/**
 * Something that must be said, and be accepted, before channels are asked for.
 *
 * @param phase as in {@link io.holdfast.api.heartbeat.SetupStep}; steps below its {@code HEARTBEAT} go before those of the
 *     heartbeat
 * @param name for humans
 * @param logIn whether the log-in holds once it is accepted
 */
public record SessionStep(int phase, String name, Call call, boolean logIn) {
    public SessionStep {
        Objects.requireNonNull(name);
        Objects.requireNonNull(call);
    }
}
