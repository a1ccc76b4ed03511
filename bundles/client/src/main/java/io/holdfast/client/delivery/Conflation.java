// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.delivery;

import io.holdfast.api.client.Message;
import java.nio.ByteBuffer;

/** Which of the messages that wait for a listener stand for those before them. */
public interface Conflation {
    /** Every message counts. */
    Conflation NONE = new Conflation() {
        @Override
        public void received(boolean text, ByteBuffer payload, long sequence) {
            // none will stand for another
        }

        @Override
        public boolean outdated(Message message) {
            return false;
        }
    };

    /** A message came; one after another, before it can be taken by anybody. */
    void received(boolean text, ByteBuffer payload, long sequence);

    /** Whether a newer one has come that stands for this one, which is then counted and left out. On delivery threads. */
    boolean outdated(Message message);
}
