// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

/**
 * Source of incarnation tokens. The supervisors of a tree share one, so that a late event for a child of a supervisor that was
 * itself restarted cannot be taken for one of the present child. Confined to the mailbox of its supervisor or tree.
 */
public final class Incarnations {
    private long last;

    long next() {
        return ++last;
    }

    /** Tokens up to this one were given out by somebody before us. */
    public void seen(long incarnation) {
        last = Math.max(last, incarnation);
    }
}
