// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty.frames;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The judge is the JDK's strict decoder. */
class Utf8Test {
    private final CharsetDecoder strict = StandardCharsets.UTF_8.newDecoder();

    @Test
    void everySequenceOfTwoBytes() {
        for (int i = 0; i < 1 << 16; i++) {
            check((byte) (i >> 8), (byte) i);
        }
    }

    @Test
    void everyLeadAndSecondByteWithEveryKindOfThirdAndFourth() {
        int[] kinds = {0x7f, 0x80, 0xbf, 0xc0};
        for (int lead = 0xc0; lead < 0x100; lead++) {
            for (int second = 0; second < 0x100; second++) {
                for (int third : kinds) {
                    check((byte) lead, (byte) second, (byte) third);
                    for (int fourth : kinds) {
                        check((byte) lead, (byte) second, (byte) third, (byte) fourth);
                    }
                }
            }
        }
    }

    @Test
    void mixturesOfAsciiAndOthersAtEveryAlignment() {
        Random random = new Random(42);
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(40); i > 0; i--) {
                text.appendCodePoint(random.nextInt(4) > 0 ? 32 + random.nextInt(90) : random.nextInt(0xd800));
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            if (bytes.length > 0 && random.nextBoolean()) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            check(bytes);
        }
    }

    @Test
    void oneByteThatIsNotAsciiAtEveryPlaceOfEveryLength() {
        for (int length = 1; length <= 100; length++) {
            for (int at = 0; at < length; at++) {
                byte[] bytes = new byte[length];
                Arrays.fill(bytes, (byte) 'a');
                bytes[at] = (byte) 0x80;
                check(bytes);
                bytes[at] = (byte) 0xc3;
                check(bytes);
                if (at + 1 < length) {
                    bytes[at + 1] = (byte) 0xa4;
                    check(bytes);
                }
            }
        }
    }

    @Test
    void looksOnlyBetweenPositionAndLimitAndMovesNeither() {
        ByteBuffer bytes = ByteBuffer.wrap(new byte[] {(byte) 0xff, 'a', 'b', (byte) 0xff}, 1, 2);
        assertThat(Utf8.isValid(bytes)).isTrue();
        assertThat(bytes.position()).isEqualTo(1);
        assertThat(bytes.remaining()).isEqualTo(2);
    }

    private void check(byte... bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        boolean expected = !strict.reset()
                .decode(in, CharBuffer.allocate(bytes.length + 1), true)
                .isError();
        if (Utf8.isValid(ByteBuffer.wrap(bytes)) != expected) {
            assertThat(bytes).as("expected valid: %s", expected).isNull();
        }
    }
}
