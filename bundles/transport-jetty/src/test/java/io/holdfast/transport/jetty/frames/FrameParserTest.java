// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty.frames;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameParserTest {
    private final FrameParser parser = new FrameParser(false);

    private static byte[] frame(int first, int length, int lengthBytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(first);
        if (lengthBytes == 0) {
            out.write(length);
        } else {
            out.write(lengthBytes == 2 ? 126 : 127);
            for (int shift = 8 * (lengthBytes - 1); shift >= 0; shift -= 8) {
                out.write((int) ((long) length >> shift));
            }
        }
        for (int i = 0; i < length; i++) {
            out.write(i);
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 8})
    void byteByByteTheHeaderIsUnderstoodAtItsLastByteAndThePayloadComesInPieces(int lengthBytes) throws Violation {
        byte[] bytes = frame(0x82, 5, lengthBytes);
        int header = bytes.length - 5;
        for (int i = 0; i < bytes.length; i++) {
            boolean piece = parser.next(ByteBuffer.wrap(bytes, i, 1));
            assertThat(piece).as("byte %d", i).isEqualTo(i >= header - 1);
            if (piece) {
                assertThat(parser.opCode()).isEqualTo(OpCode.BINARY);
                assertThat(parser.fin()).isTrue();
                assertThat(parser.length()).isEqualTo(5);
                assertThat(parser.beginsFrame()).isEqualTo(i == header - 1);
                assertThat(parser.endsFrame()).isEqualTo(i == bytes.length - 1);
                assertThat(parser.size()).isEqualTo(i < header ? 0 : 1);
            }
        }
    }

    @Test
    void aWholeFrameIsOnePieceAndTheNextBeginsBehindIt() throws Violation {
        byte[] first = frame(0x81, 3, 0);
        ByteBuffer in = ByteBuffer.allocate(100)
                .put(first)
                .put(frame(0x02, 300 - 256, 2))
                .flip();
        assertThat(parser.next(in)).isTrue();
        assertThat(parser.from()).isEqualTo(2);
        assertThat(parser.size()).isEqualTo(3);
        assertThat(parser.beginsFrame() && parser.endsFrame()).isTrue();
        assertThat(parser.next(in)).isTrue();
        assertThat(parser.from()).isEqualTo(first.length + 4);
        assertThat(parser.fin()).isFalse();
        assertThat(parser.size()).isEqualTo(44);
        assertThat(parser.next(in)).isFalse();
        assertThat(in.hasRemaining()).isFalse();
    }

    @Test
    void aFrameWithoutPayloadHasOneEmptyPiece() throws Violation {
        ByteBuffer in = ByteBuffer.wrap(new byte[] {(byte) 0x89, 0});
        assertThat(parser.next(in)).isTrue();
        assertThat(parser.size()).isZero();
        assertThat(parser.endsFrame()).isTrue();
        assertThat(parser.next(in)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0x83, 0x87, 0x8b, 0x8f, 0x91, 0xa1, 0xc1, 0xf1, 0x09, 0x08, 0x0a, 0x03})
    void aWrongFirstByteIsRefusedAtOnce(int first) {
        assertThatThrownBy(() -> parser.next(ByteBuffer.wrap(new byte[] {(byte) first})))
                .isInstanceOfSatisfying(
                        Violation.class, v -> assertThat(v.code()).isEqualTo(CloseCode.PROTOCOL));
        assertThatThrownBy(() -> new FrameParser(false).next(ByteBuffer.wrap(new byte[] {(byte) first, 1, 0, 0, 0})))
                .isInstanceOf(Violation.class);
    }

    @Test
    void rsv1IsTheBeginningOfACompressedMessageIfThatWasNegotiatedAndOfNothingElse() throws Violation {
        assertThat(new FrameParser(true).next(ByteBuffer.wrap(new byte[] {(byte) 0xc1, 0})))
                .isTrue();
        for (int first : new int[] {0xc0, 0xc9, 0xc8, 0xe1, 0xd1}) {
            assertThatThrownBy(() -> new FrameParser(true).next(ByteBuffer.wrap(new byte[] {(byte) first, 0})))
                    .isInstanceOf(Violation.class);
        }
    }

    @Test
    void masksNegativeLengthsAndLongControlFramesAreRefused() {
        assertThatThrownBy(() -> new FrameParser(false).next(ByteBuffer.wrap(new byte[] {(byte) 0x81, (byte) 0x81})))
                .isInstanceOf(Violation.class)
                .hasMessageContaining("masked");
        assertThatThrownBy(() -> new FrameParser(false)
                        .next(ByteBuffer.wrap(new byte[] {(byte) 0x82, 127, (byte) 0x80, 0, 0, 0, 0, 0, 0, 0})))
                .isInstanceOf(Violation.class);
        assertThatThrownBy(() -> new FrameParser(false).next(ByteBuffer.wrap(new byte[] {(byte) 0x89, 126, 0, 126})))
                .isInstanceOf(Violation.class)
                .hasMessageContaining("126");
    }
}
