// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class TextTest {
    @Test
    void controlCharactersAreEscaped() {
        assertThat(Text.shown("a\r\nb\u001b[31m\u0000\u202e")).isEqualTo("a\\u000d\\u000ab\\u001b[31m\\u0000\\u202e");
    }

    @Test
    void longTextIsCut() {
        assertThat(Text.shown("x".repeat(1000))).isEqualTo("x".repeat(256) + "...");
        assertThat(Text.shown("\n".repeat(1000))).hasSizeLessThanOrEqualTo(259);
    }

    @Test
    void theInnermostCauseIsNamed() {
        IOException failure =
                new IOException("handshake", new RuntimeException("middle", new Exception("the certificate is old")));
        assertThat(Text.of(failure)).isEqualTo("handshake (the certificate is old)");
        assertThat(Text.of(new IOException())).isEqualTo("IOException");
    }
}
