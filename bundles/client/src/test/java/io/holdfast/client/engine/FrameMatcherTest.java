// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.heartbeat.FramePattern;
import io.holdfast.api.heartbeat.FramePattern.Effect;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FrameMatcherTest {
    @Test
    void findsTheFirstPatternWhoseLiteralsAllStandInTheMessage() {
        SplittableRandom random = new SplittableRandom(5);
        int found = 0;
        for (int i = 0; i < 20_000; i++) {
            List<FramePattern> patterns = new ArrayList<>();
            for (int p = random.nextInt(4); p > 0; p--) {
                patterns.add(pattern(10 + random.nextInt(30), literals(random)));
            }
            String text = letters(random, random.nextInt(40));
            FramePattern expected = patterns.stream()
                    .filter(p -> text.length() <= p.maxLength())
                    .filter(p -> p.contains().stream().allMatch(text::contains))
                    .findFirst()
                    .orElse(null);
            assertThat(match(patterns, text)).as("%s in %s", patterns, text).isSameAs(expected);
            found += expected == null ? 0 : 1;
        }
        assertThat(found).isBetween(2_000, 18_000);
    }

    @Test
    void whatLiteralsOfOtherThanAsciiHaveInCommonDismissesNothing() {
        FramePattern first = pattern(100, List.of("\ud83d\ude00"));
        FramePattern second = pattern(100, List.of("\ud83d\ude01"));
        assertThat(match(List.of(first, second), "a \ud83d\ude01")).isSameAs(second);
    }

    private static FramePattern match(List<FramePattern> patterns, String text) {
        return new FrameMatcher(patterns).match(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static FramePattern pattern(int maxLength, List<String> literals) {
        return new FramePattern("p", maxLength, literals, false, Effect.ALIVE, Optional.empty(), Duration.ZERO);
    }

    private static List<String> literals(SplittableRandom random) {
        List<String> literals = new ArrayList<>();
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            literals.add(letters(random, 1 + random.nextInt(3)));
        }
        return literals;
    }

    private static String letters(SplittableRandom random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + random.nextInt(4)));
        }
        return text.toString();
    }
}
