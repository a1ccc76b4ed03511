// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty.frames;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutFrameTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 125, 126, 65_535, 65_536})
    void everyByteIsMaskedByItsPlaceAndThePayloadIsLeftAlone(int length) {
        Random random = new Random(length);
        byte[] payload = new byte[length + 2];
        random.nextBytes(payload);
        int mask = random.nextInt();
        ByteBuffer buffer = ByteBuffer.wrap(payload, 1, length);
        ByteBuffer frame = new OutFrame(OpCode.BINARY, buffer).encode(mask);
        assertThat(frame.get() & 0xff).isEqualTo(0x82);
        int second = frame.get() & 0xff;
        assertThat(second & 0x80).isEqualTo(0x80);
        long announced =
                (second & 0x7f) < 126 ? second & 0x7f : second == 254 ? frame.getShort() & 0xffff : frame.getLong();
        assertThat(announced).isEqualTo(length);
        assertThat(frame.getInt()).isEqualTo(mask);
        assertThat(frame.remaining()).isEqualTo(length);
        for (int i = 0; i < length; i++) {
            int key = mask >>> 24 - 8 * (i % 4) & 0xff;
            assertThat((byte) (frame.get() ^ key)).isEqualTo(payload[i + 1]);
        }
        assertThat(buffer.position()).isEqualTo(1);
        assertThat(buffer.remaining()).isEqualTo(length);
    }
}
