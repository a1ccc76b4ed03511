// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.delivery;

import io.holdfast.api.client.OverflowPolicy;

/**
 * Stops reading while a direct listener catches up with what came behind an event. A direct listener sets the pace of
 * reading anyway, and only milliseconds of a flood fit into its queue; so until it is called directly again it sets the
 * pace like this, and is not taken for slow before it has had the limit. {@code overflow=block} does the same at the bounds, so
 * there this does nothing. Guarded by the {@link Turn} unless said otherwise.
 */
final class CatchUp {
    /** Reading stops when this part of the bounds waits. */
    static final int PART = 8;

    private final Context context;
    private final Backlog backlog;
    private final Pause pause;

    /** The limit has passed since the queue was empty last: now the policy decides. Read by the runner. */
    private volatile boolean spent;

    CatchUp(Context context, Backlog backlog) {
        this.context = context;
        this.backlog = backlog;
        this.pause = new Pause(context);
    }

    /** A message was appended; the runner must be woken after this. */
    void appended(OverflowPolicy policy) {
        if (!spent && !pause.isOn() && policy.kind() != OverflowPolicy.Kind.BLOCK && isBehind(policy)) {
            pause.begin(context.owner().blockLimit(), this::giveUp);
        }
    }

    private boolean isBehind(OverflowPolicy policy) {
        return backlog.messages() >= policy.maxMessages() / PART || backlog.bytes() >= policy.maxBytes() / PART;
    }

    private void giveUp() {
        spent = true;
        pause.end();
    }

    /** Reading may go on as far as this lane is concerned. */
    void end() {
        pause.end();
    }

    /** On the runner's thread, after everything was taken and the lane was set free, so that the next message is direct. */
    void drained() {
        if (pause.isOn() || spent) {
            context.turn().run(this::caughtUp);
        }
    }

    /** Looked at again, for something may have been appended since the runner asked for it; then it asks again. */
    private void caughtUp() {
        if (backlog.hasNoMessage()) {
            spent = false;
            pause.end();
        }
    }
}
