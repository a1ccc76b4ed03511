// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.supervision;

import org.osgi.annotation.versioning.ProviderType;

/** How a child tells its owner. Calls return at once; a call after detach is dropped. */
@ProviderType
public interface ChildSignals {
    /** The incarnation ended by itself. */
    void exited(long incarnation, ExitReason reason);

    /** The child's user asked for something only the owner may do: a stop that must not be restarted, or a new start. */
    void requested(Request request);

    enum Request {
        /** Stop and stay stopped. */
        TERMINATE,
        /** Start again, whatever the state, with a fresh budget. */
        RESTART
    }
}
