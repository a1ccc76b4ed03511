// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.client.core.Input;
import io.holdfast.client.core.Phase;

/** Sees every step of every client's machine; for the simulation, which counts transitions and checks invariants. */
public interface TransitionObserver {
    TransitionObserver NONE = (clientId, before, input, after) -> {};

    void step(String clientId, Phase before, Input input, Phase after);
}
