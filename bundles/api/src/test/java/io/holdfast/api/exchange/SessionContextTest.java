// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.api.transport.Secret;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SessionContextTest {
    private static final Secret KEY = Secret.of("key".toCharArray());

    private final SessionContext context = new SessionContext(
            1,
            Map.of("exchange.key", KEY, "exchange.blank", Secret.NONE),
            (algorithm, data) -> data,
            Instant.EPOCH,
            "n1");

    @Test
    void credentialThatIsThere() {
        assertThat(context.has("exchange.key")).isTrue();
        assertThat(context.credential("exchange.key")).isSameAs(KEY);
    }

    @Test
    void missingAndEmptyOnesAreNamed() {
        for (String name : new String[] {"exchange.blank", "exchange.other"}) {
            assertThat(context.has(name)).isFalse();
            assertThatThrownBy(() -> context.credential(name))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the credentials have no '" + name + "'");
        }
    }
}
