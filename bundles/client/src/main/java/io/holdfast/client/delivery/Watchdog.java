// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.delivery;

import io.holdfast.client.lanes.Environment.Cancellable;
import io.holdfast.client.lanes.TimerGrid;
import java.util.concurrent.TimeUnit;

/**
 * Notices a direct listener that does not return. It looks by a timer whether the same message is still with the listener,
 * so that nothing is measured per message; the timer rests until the next message when it finds nobody in a call. Guarded by
 * the {@link Turn}.
 */
final class Watchdog {
    static final long LIMIT = TimeUnit.SECONDS.toNanos(1);
    private static final long PERIOD = LIMIT / 2;
    private static final long SLACK = PERIOD / 4;

    private final Context context;
    private final Roster roster;
    private boolean armed;
    private boolean ended;

    /** The owner was told of a listener that blocks. */
    private boolean told;

    private Cancellable timer = Cancellable.NONE;

    Watchdog(Context context, Roster roster) {
        this.context = context;
        this.roster = roster;
    }

    /** With each message. */
    void arm() {
        if (!armed && !ended) {
            armed = true;
            schedule();
        }
    }

    private void schedule() {
        long now = context.environment().nanoTime();
        long due = TimerGrid.atOrAfter(now + PERIOD, SLACK);
        timer = context.environment().schedule(due - now, () -> context.turn().run(this::look));
    }

    void close() {
        ended = true;
        timer.cancel();
    }

    private void look() {
        if (ended) {
            return;
        }
        boolean busy = false;
        boolean blocked = false;
        for (Lane lane : roster.lanes()) {
            busy |= lane.watch();
            blocked |= lane.blocks();
        }
        if (told && !blocked) {
            context.owner().listenerBlocked("");
        }
        told = blocked;
        if (busy) {
            schedule();
        } else {
            armed = false;
            timer = Cancellable.NONE;
        }
    }
}
