// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.delivery;

import io.holdfast.client.lanes.Environment.Cancellable;
import java.time.Duration;

/** Reading has stopped for one lane, for some time at most. Guarded by the {@link Turn} unless said otherwise. */
final class Pause {
    private final Context context;

    private volatile boolean on;

    private Cancellable timer;

    Pause(Context context) {
        this.context = context;
    }

    /** From any thread. */
    boolean isOn() {
        return on;
    }

    /** Only when it is not on. @param atLimit run in the turn if it has not ended by then */
    void begin(Duration limit, Runnable atLimit) {
        on = true;
        context.pressure().laneFull();
        Cancellable[] mine = new Cancellable[1];
        mine[0] = context.environment()
                .schedule(
                        limit.toNanos(),
                        () -> context.turn().run(() -> {
                            if (on && timer == mine[0]) {
                                atLimit.run();
                            }
                        }));
        timer = mine[0];
    }

    /** Reading may go on as far as this lane is concerned. */
    void end() {
        if (on) {
            on = false;
            timer.cancel();
            timer = null;
            context.pressure().laneFree();
        }
    }
}
