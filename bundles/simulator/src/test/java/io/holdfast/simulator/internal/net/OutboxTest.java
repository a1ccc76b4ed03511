// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OutboxTest {

    /** As TLS does it: takes so many bytes into one record, over the bounds of frames, and none while that waits. */
    private static final class Records implements Wire {
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private final int size;
        private boolean pending;

        private Records(int size) {
            this.size = size;
        }

        @Override
        public int read(ByteBuffer target) {
            return 0;
        }

        @Override
        public boolean write(ByteBuffer[] sources, int count) {
            int room = pending ? 0 : size;
            pending = true;
            boolean moved = false;
            for (int i = 0; i < count; i++) {
                while (room > 0 && sources[i].hasRemaining()) {
                    taken.write(sources[i].get());
                    room--;
                    moved = true;
                }
            }
            return moved;
        }

        @Override
        public boolean pending() {
            return pending;
        }

        @Override
        public void finish() {
            // nothing to tell
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void aFrameThatIsPartlyInARecordIsFinishedBeforeTheCloseFrame() throws Exception {
        Records wire = new Records(5);
        Outbox outbox = new Outbox();
        outbox.add(bytes("one"), null, 0);
        outbox.add(bytes("second"), null, 0);
        outbox.add(bytes("third"), null, 0);
        outbox.flush(wire);
        assertThat(wire.taken.toString(StandardCharsets.US_ASCII)).isEqualTo("onese");
        outbox.dropUnstarted();
        outbox.add(bytes("close"), null, 0);
        while (!outbox.isEmpty()) {
            wire.pending = false;
            outbox.flush(wire);
        }
        assertThat(wire.taken.toString(StandardCharsets.US_ASCII)).isEqualTo("onesecondclose");
        assertThat(outbox.pendingBytes()).isZero();
        assertThat(outbox.bytesOut()).isEqualTo(14);
    }
}
