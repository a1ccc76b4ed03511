// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LiteralTest {
    @Test
    void findsWhatStringsFind() {
        SplittableRandom random = new SplittableRandom(11);
        int found = 0;
        for (int i = 0; i < 50_000; i++) {
            String text = letters(random, random.nextInt(60));
            String literal = letters(random, 1 + random.nextInt(6));
            int head = random.nextInt(70);
            boolean expected = text.substring(0, Math.min(head, text.length())).contains(literal);
            assertThat(isIn(text, head, literal))
                    .as("%s in %s of %s", literal, head, text)
                    .isEqualTo(expected);
            found += expected ? 1 : 0;
        }
        assertThat(found).isBetween(5_000, 45_000);
    }

    @Test
    void longLiteralsAndThoseOfOtherThanAscii() {
        String literal = "x".repeat(100) + "\u20bf" + "y".repeat(200);
        assertThat(isIn("z".repeat(500) + literal, 10_000, literal)).isTrue();
        assertThat(isIn("z".repeat(500) + literal.substring(1), 10_000, literal))
                .isFalse();
    }

    @Test
    void allMustBeThere() {
        Literal[] both = Literal.all(List.of("ab", "cd"));
        assertThat(Literal.areIn(bytes("cd ab"), 5, both)).isTrue();
        assertThat(Literal.areIn(bytes("cd ab"), 4, both)).isFalse();
        assertThat(Literal.areIn(bytes(""), 0, Literal.all(List.of()))).isTrue();
    }

    @Test
    void looksOnlyBetweenPositionAndLimitWhereverTheBytesAre() {
        ByteBuffer heap = bytes("ab cd ab");
        ByteBuffer direct = ByteBuffer.allocateDirect(8).put(heap.duplicate()).flip();
        for (ByteBuffer all : List.of(heap, direct, heap.asReadOnlyBuffer())) {
            ByteBuffer middle = all.duplicate().position(2).limit(7);
            for (ByteBuffer b : List.of(middle, middle.slice())) {
                assertThat(Literal.areIn(b, 5, Literal.all(List.of("cd")))).isTrue();
                assertThat(Literal.areIn(b, 5, Literal.all(List.of("ab")))).isFalse();
                assertThat(b.remaining()).isEqualTo(5);
            }
        }
    }

    private static boolean isIn(String text, int head, String literal) {
        return Literal.areIn(bytes(text), head, Literal.all(List.of(literal)));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String letters(SplittableRandom random, int length) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < length; i++) {
            out.append((char) ('a' + random.nextInt(3)));
        }
        return out.toString();
    }
}
