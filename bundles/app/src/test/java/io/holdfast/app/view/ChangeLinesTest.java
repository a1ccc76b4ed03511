// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ConnectionEvent;
import io.holdfast.api.client.ConnectionEvent.Type;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChangeLinesTest {

    private static String line(Type type, Optional<Cause> cause, Duration delay) {
        Instant at = Instant.parse("2026-11-22T10:11:12.345Z");
        return ChangeLines.line(new ConnectionEvent("deribit", 9, 2, 7, type, cause, delay, 3, at), ZoneOffset.UTC);
    }

    @Test
    void says_when_who_what_and_why() {
        assertThat(line(Type.READY, Optional.empty(), Duration.ZERO))
                .isEqualTo("10:11:12.345 deribit READY connection 7");
        assertThat(line(Type.LOST, Optional.of(Cause.of(Cause.Kind.SERVER_CLOSE, "going away", 1001)), Duration.ZERO))
                .isEqualTo("10:11:12.345 deribit LOST connection 7 (SERVER_CLOSE(1001): going away)");
        assertThat(line(Type.RECONNECTING, Optional.empty(), Duration.ofMillis(1500)))
                .isEqualTo("10:11:12.345 deribit RECONNECTING in 1.5s");
        assertThat(line(Type.STARTED, Optional.empty(), Duration.ZERO))
                .isEqualTo("10:11:12.345 deribit STARTED incarnation 2");
        assertThat(line(Type.CONNECT_FAILED, Optional.empty(), Duration.ZERO))
                .isEqualTo("10:11:12.345 deribit CONNECT_FAILED attempt 3");
    }

    @Test
    void is_one_line_whatever_the_server_says() {
        assertThat(line(Type.LOST, Optional.of(Cause.of(Cause.Kind.LOST, "a\nb\u001b[2J")), Duration.ZERO))
                .doesNotContain("\n", "\u001b");
    }
}
