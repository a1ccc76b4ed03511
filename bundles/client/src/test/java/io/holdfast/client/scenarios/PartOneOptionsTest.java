// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ReconnectPolicy;
import io.holdfast.api.options.InvalidOptionException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Part 1, A: options. */
class PartOneOptionsTest {
    private static final List<String> POSITIVE = List.of(
            "connect.timeout",
            "connect.total",
            "write.timeout",
            "close.timeout",
            "open.messages.limit",
            "plugin.limit",
            "reconnect.initial",
            "reconnect.maximum",
            "retry.after.max",
            "overflow.block.max");

    @ParameterizedTest
    @ValueSource(strings = {"ws://127.0.0.1:80/x", "wss://exchange.example/ws?a=b"})
    @DisplayName("A1 only an address: valid, with the defaults")
    void A1_anAddressIsEnough(String uri) {
        ClientOptions options = ClientOptions.uri(uri).build();
        assertThat(options.connectTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(options.connectTotal()).isEqualTo(Duration.ofSeconds(30));
        assertThat(options.headers()).isEmpty();
        assertThat(options.openMessages()).isEmpty();
        assertThat(options.proxy()).isEmpty();
        assertThat(options.keyStore()).isEmpty();
        assertThat(options.subProtocols()).isEmpty();
        assertThat(options.reconnect().attempts()).isEqualTo(10);
        assertThat(options.reconnect().maximum()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    @DisplayName("A2 A11 what is given is held exactly")
    void A2_A11_whatIsGivenIsHeld() {
        ClientOptions options = ClientOptions.uri("wss://exchange.example/")
                .header("X-Version", "2")
                .option("connect.timeout", "3s")
                .option("reconnect.attempts", 7)
                .option("reconnect.initial", "2s")
                .option("reconnect.maximum", "1m")
                .option("reconnect.multiplier", "3")
                .build();
        assertThat(options.headers()).isEqualTo(Map.of("X-Version", List.of("2")));
        assertThat(options.connectTimeout()).isEqualTo(Duration.ofSeconds(3));
        ReconnectPolicy policy = options.reconnect();
        assertThat(policy.attempts()).isEqualTo(7);
        assertThat(policy.initial()).isEqualTo(Duration.ofSeconds(2));
        assertThat(policy.maximum()).isEqualTo(Duration.ofMinutes(1));
        assertThat(policy.multiplier()).isEqualTo(3);
    }

    @Test
    @DisplayName("A4 times that are not positive are refused by name")
    void A4_notPositiveIsRefusedByName() {
        for (String name : POSITIVE) {
            for (String value : List.of("0s", "-1s", "-250ms")) {
                assertThatExceptionOfType(InvalidOptionException.class)
                        .as(name + "=" + value)
                        .isThrownBy(() -> ClientOptions.uri("wss://exchange.example/")
                                .option(name, value)
                                .build())
                        .withMessageContaining("'" + name + "'");
            }
        }
    }

    @Test
    @DisplayName("A5 attempts: negative is refused, 0 accepted")
    void A5_negativeAttemptsAreRefused() {
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> ClientOptions.uri("wss://exchange.example/")
                        .option("reconnect.attempts", -1)
                        .build())
                .withMessageContaining("'reconnect.attempts'");
        assertThat(ClientOptions.uri("wss://exchange.example/")
                        .option("reconnect.attempts", 0)
                        .build()
                        .reconnect()
                        .attempts())
                .isZero();
    }

    @Test
    @DisplayName(
            "A7 A8 any address with positive times is accepted, by builder and by map alike; one bad value, and both refuse it with the same words")
    void A7_A8_builderAndMapAgree() {
        Random random = new Random(7);
        for (int i = 0; i < 500; i++) {
            Map<String, Object> map = new HashMap<>();
            map.put(
                    "uri",
                    (random.nextBoolean() ? "ws://127.0.0." + random.nextInt(256) : "wss://h" + random.nextInt(100))
                            + "/p?q=" + random.nextInt());
            for (String name : POSITIVE) {
                if (random.nextBoolean()) {
                    // Above the initial back-off, so that no other rule is broken.
                    map.put(name, name.equals("reconnect.initial") ? "1s" : 2 + random.nextInt(1000) + "s");
                }
            }
            assertThatCode(() -> ClientOptions.of(map)).as(map.toString()).doesNotThrowAnyException();
            ClientOptions.Builder builder = ClientOptions.uri((String) map.get("uri"));
            map.forEach(builder::option);
            assertThatCode(builder::build).doesNotThrowAnyException();

            String bad = POSITIVE.get(random.nextInt(POSITIVE.size()));
            map.put(bad, "0s");
            builder.option(bad, "0s");
            String words = message(() -> ClientOptions.of(map));
            assertThat(words).contains(bad);
            assertThat(message(builder::build)).isEqualTo(words);
        }
    }

    private static String message(Runnable refused) {
        try {
            refused.run();
        } catch (InvalidOptionException e) {
            return e.getMessage();
        }
        throw new AssertionError("accepted");
    }

    @Test
    @DisplayName(
            "A10 no text of options shows a value of a header, a query or a message; a secret header is refused without its value")
    void A10_valuesAreNotShown() {
        ClientOptions options = ClientOptions.uri("wss://exchange.example/ws?listenKey=canary1")
                .header("X-Note", "canary2")
                .openMessage("canary3")
                .build();
        assertThat(options.toString()).contains("exchange.example/ws").doesNotContain("canary");
        assertThat(options.publicUri()).doesNotContain("canary");
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> ClientOptions.uri("wss://exchange.example/")
                        .header("Authorization", "Bearer canary4")
                        .build())
                .withMessageContaining("Authorization")
                .matches(e -> !e.getMessage().contains("canary"));
    }
}
