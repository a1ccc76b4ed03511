// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.Cause;
import io.holdfast.client.core.Input;
import io.holdfast.client.core.Output;
import io.holdfast.client.core.Phase;

/** A client without a group: starts itself; what exits is not restarted by anybody. */
final class Unsupervised implements ClientEngine.Supervision {
    private final ClientEngine engine;
    private final Runnable onEnded;

    Unsupervised(ClientEngine engine, Runnable onEnded) {
        this.engine = engine;
        this.onEnded = onEnded;
    }

    void begin() {
        engine.begin();
        start();
    }

    /** The first start, or one more after an exit. */
    void start() {
        engine.postInput(new Input.Start(engine.incarnation() + 1));
    }

    /** Other options may cure what it exited for. */
    void reconfigured() {
        engine.post(() -> {
            if (engine.phase() == Phase.EXITED) {
                engine.input(new Input.Start(engine.incarnation() + 1));
            }
        });
    }

    @Override
    public void exited(long incarnation, Output.Exited exit) {
        if (!engine.spec().configured()) {
            engine.endAfterExit(exit);
        }
    }

    @Override
    public void stopped() {
        // nobody orders an unsupervised client to stop without closing it
    }

    @Override
    public void ended(Cause cause) {
        onEnded.run();
    }
}
