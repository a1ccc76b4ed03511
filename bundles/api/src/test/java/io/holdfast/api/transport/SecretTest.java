// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "pässwörd", "€ and \uD83D\uDD11"})
    void sameInEveryForm(String value) {
        Secret secret = Secret.of(value.toCharArray());
        assertThat(secret.text()).isEqualTo(value);
        assertThat(secret.bytes()).isEqualTo(value.getBytes(UTF_8));
        assertThat(secret.reveal()).isEqualTo(value.toCharArray());
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "pässwörd"})
    void callersClearOnlyTheirCopies(String value) {
        Secret secret = Secret.of(value.toCharArray());
        Arrays.fill(secret.reveal(), '\0');
        Arrays.fill(secret.bytes(), (byte) 0);
        assertThat(secret.text()).isEqualTo(value);
        assertThat(secret).hasToString("***");
    }
}
