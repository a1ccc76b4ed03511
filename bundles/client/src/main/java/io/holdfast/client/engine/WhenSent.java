// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.transport.TransportConnection.SendCallback;
import java.util.concurrent.Executor;

/** Posts a task when a frame has left; one that could not be written ends its connection anyway. */
record WhenSent(Executor mailbox, Runnable task) implements SendCallback {
    @Override
    public void sent() {
        mailbox.execute(task);
    }

    @Override
    public void failed(String reason) {
        // The end of the connection is told to the transport's listener.
    }
}
