// SPDX-License-Identifier: Apache-2.0
package io.holdfast.exchange.binance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.holdfast.api.exchange.Answer;
import io.holdfast.api.exchange.Cost;
import io.holdfast.api.exchange.Event;
import io.holdfast.api.exchange.ExchangeProfile;
import io.holdfast.api.exchange.ExchangeProtocol;
import io.holdfast.api.exchange.Failure;
import io.holdfast.api.exchange.Failure.Act;
import io.holdfast.api.exchange.Inbound;
import io.holdfast.api.exchange.SessionStep;
import io.holdfast.api.heartbeat.SetupStep;
import io.holdfast.api.options.InvalidOptionException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiProtocolTest {
    private static final Map<String, String> ED25519 = Map.of("exchange.auth", "ed25519", "exchange.user.data", "true");
    private static final Map<String, String> HMAC = Map.of("exchange.auth", "hmac", "exchange.user.data", "true");
    private static final String SIGNED = "apiKey=key&recvWindow=5000&timestamp=1700000000000";

    private static JsonObject params(SessionStep step) {
        return JsonParser.parseString(step.call().params()).getAsJsonObject();
    }

    private static void verify(KeyPair keys, SessionStep step) throws Exception {
        Signature check = Signature.getInstance("Ed25519");
        check.initVerify(keys.getPublic());
        check.update(SIGNED.getBytes(StandardCharsets.US_ASCII));
        byte[] signature =
                Base64.getDecoder().decode(params(step).get("signature").getAsString());
        assertThat(check.verify(signature)).isTrue();
    }

    @Test
    @DisplayName("log-in with Ed25519, the key as PEM or its base64: signed over the sorted parameters; then user data")
    void ed25519() throws Exception {
        KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        String base64 = Base64.getMimeEncoder(40, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(keys.getPrivate().getEncoded());
        String pem = "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n";
        for (String key : List.of(pem, base64, pem.replace("\n", "\r\n"))) {
            List<SessionStep> steps = Protocols.of(Protocols.API, ED25519)
                    .session(Protocols.context(
                            Protocols.NOBODY, "exchange.api.key", "key", "exchange.private.key", key));
            assertThat(steps)
                    .extracting(s -> s.call().method())
                    .containsExactly("session.logon", "userDataStream.subscribe");
            assertThat(steps)
                    .extracting(SessionStep::phase)
                    .containsExactly(SetupStep.LOG_IN, SetupStep.PRIVATE_SUBSCRIPTIONS);
            assertThat(steps).extracting(SessionStep::logIn).containsExactly(true, false);
            verify(keys, steps.get(0));
            assertThat(steps.get(1).call().params()).isEmpty();
            assertThat(steps.toString()).doesNotContain("signature").doesNotContain(base64.substring(0, 20));
        }
    }

    @Test
    @DisplayName("a Signer keeps the key")
    void signer() throws Exception {
        KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        SessionStep step = Protocols.of(Protocols.API, ED25519)
                .session(Protocols.context(
                        (algorithm, data) -> {
                            assertThat(algorithm).isEqualTo("Ed25519");
                            return sign(keys, data);
                        },
                        "exchange.api.key",
                        "key"))
                .get(0);
        verify(keys, step);
    }

    private static byte[] sign(KeyPair keys, byte[] data) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(keys.getPrivate());
            signature.update(data);
            return signature.sign();
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @DisplayName(
            "with an HMAC key there is no log-in: the subscription is signed; known answer of RFC 4231's algorithm")
    void hmac() throws Exception {
        List<SessionStep> steps = Protocols.of(Protocols.API, HMAC)
                .session(Protocols.context(
                        Protocols.NOBODY, "exchange.api.key", "key", "exchange.secret.key", "planted"));
        assertThat(steps).hasSize(1);
        assertThat(steps.get(0).call().method()).isEqualTo("userDataStream.subscribe.signature");
        javax.crypto.Mac mac = javax.crypto.Mac.getInstance("HmacSHA256");
        mac.init(new javax.crypto.spec.SecretKeySpec("planted".getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
        assertThat(params(steps.get(0)).get("signature").getAsString())
                .isEqualTo(java.util.HexFormat.of().formatHex(mac.doFinal(SIGNED.getBytes(StandardCharsets.US_ASCII))));
        assertThat(steps.get(0).call().params()).doesNotContain("planted");
    }

    @Test
    @DisplayName("what is missing or unfit among the credentials is named, and not shown")
    void credentials() {
        ExchangeProtocol p = Protocols.of(Protocols.API, ED25519);
        assertThatThrownBy(() -> p.session(Protocols.context(Protocols.NOBODY)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("exchange.api.key");
        assertThatThrownBy(() -> p.session(Protocols.context(
                        Protocols.NOBODY, "exchange.api.key", "key", "exchange.private.key", "secretsecret")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("exchange.private.key")
                .hasMessageNotContaining("secretsecret");
        assertThatThrownBy(() -> p.session(Protocols.context(
                        Protocols.NOBODY, "exchange.api.key", "key", "exchange.private.key", "not base64!")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("base64!");
    }

    @Test
    @DisplayName("what does not fit together is refused by name")
    void options() {
        assertThatThrownBy(() -> Protocols.of("wss://ws-fapi.binance.com/ws-fapi/v1", ED25519))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining("exchange.user.data");
        assertThatThrownBy(() -> Protocols.of(Protocols.API, Map.of("exchange.subscribe", "uri")))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining("exchange.subscribe");
        assertThatThrownBy(() -> Protocols.of(Protocols.API, Map.of()).channel("btcusdt@depth"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("exchange.channels");
        assertThat(Protocols.of(Protocols.API, Map.of()).session(Protocols.context(Protocols.NOBODY)))
                .isEmpty();
    }

    private static long cost(ExchangeProfile profile, String method, String limit) {
        return profile.costs().stream()
                .filter(c -> c.limit().equals(limit) && c.fits(method))
                .findFirst()
                .map(Cost::amount)
                .orElse(0L);
    }

    @ParameterizedTest
    @CsvSource({
        "ping, 1, 0",
        "depth, 250, 0",
        "account.status, 20, 0",
        "account.rateLimits.orders, 40, 0",
        "myTrades, 20, 0",
        "myFilters, 40, 0",
        "executionRules, 40, 0",
        "blockTrades.historical, 25, 0",
        "order.test, 20, 0",
        "sor.order.test, 20, 0",
        "order.cancel, 1, 0",
        "order.status, 10, 0",
        "order.place, 1, 1",
        "order.cancelReplace, 1, 1",
        "sor.order.place, 10, 1",
        "orderList.place, 1, 1",
        "orderList.place.oco, 1, 2",
        "orderList.place.oto, 1, 2",
        "orderList.place.opo, 1, 2",
        "orderList.place.otoco, 1, 3",
        "orderList.place.opoco, 1, 3",
        "orderList.cancel, 10, 0"
    })
    @DisplayName("a call is taken for the most that it can cost, and for the orders that it counts for")
    void costs(String method, long weight, long orders) {
        ExchangeProfile profile = Protocols.of(Protocols.API, Map.of()).profile();
        assertThat(cost(profile, method, "weight")).isEqualTo(weight);
        assertThat(cost(profile, method, "orders")).isEqualTo(orders);
    }

    @Test
    @DisplayName("a call that counts for more orders than there ever are takes all of them")
    void fewOrders() {
        ExchangeProfile profile = Protocols.of(Protocols.API, Map.of("exchange.orders.per.10s", "2"))
                .profile();
        assertThat(cost(profile, "orderList.place.otoco", "orders")).isEqualTo(1);
    }

    // --- frames

    private static Inbound decode(String frame) {
        return Protocols.of(Protocols.API, ED25519).decode(frame);
    }

    @Test
    @DisplayName("events of the account that the session did not ask for may end: that is its user's matter")
    void eventsOfTheUser() {
        assertThat(Protocols.of(Protocols.API, Map.of("exchange.auth", "ed25519"))
                        .decode("{\"subscriptionId\":0,\"event\":{\"e\":\"eventStreamTerminated\",\"E\":1}}"))
                .isEqualTo(Event.NONE);
    }

    @Test
    @DisplayName("an answer keeps its id and the digits of its result")
    void digits() {
        String result = "{\"orderId\":9007199254740993,\"price\":\"0.10000000\",\"n\":1.0002e6}";
        Answer answer = (Answer) decode("{\"id\":\"hf7\",\"status\":200,\"result\":" + result
                + ",\"rateLimits\":[{\"rateLimitType\":\"REQUEST_WEIGHT\"}]}");
        assertThat(answer.id()).isEqualTo("hf7");
        assertThat(answer.accepted()).isTrue();
        assertThat(answer.result()).isEqualTo(result);
    }

    @ParameterizedTest
    @CsvSource({
        "400, -1022, REFUSED",
        "401, -2014, REFUSED",
        "401, -2015, REFUSED",
        "400, -1006, UNKNOWN",
        "400, -1007, UNKNOWN",
        "400, -1001, LATER",
        "400, -1008, LATER",
        "400, -1021, LATER",
        "400, -1015, LATER",
        "400, -1016, LATER",
        "429, -1015, LATER",
        "500, -1001, UNKNOWN",
        "503, -1008, LATER",
        "400, -1034, WAIT",
        "429, -1003, PAUSE",
        "400, -1003, PAUSE",
        "418, -1003, WAIT",
        "500, -1000, UNKNOWN",
        "400, -1000, NONE",
        "403, -1, NONE",
        "409, -2021, NONE",
        "400, -1013, NONE",
        "400, -1020, NONE"
    })
    void errorsMean(int status, int code, Act act) {
        Answer answer = (Answer)
                decode("{\"id\":\"hf1\",\"status\":" + status + ",\"error\":{\"code\":" + code + ",\"msg\":\"m\"}}");
        assertThat(answer.accepted()).isFalse();
        assertThat(answer.failure().orElseThrow().act()).isEqualTo(act);
        assertThat(answer.failure().orElseThrow().code()).isEqualTo("" + code);
    }

    @ParameterizedTest
    @CsvSource({
        "418, 1659142907531, 1659146400000, 3492469",
        "429, 1659142907531, 1659142920000, 12469",
        "418, 0, 99999999999999, 259200000"
    })
    @DisplayName("a ban ends when the server says; both of its moments are by its own clock")
    void knownEnd(int status, long from, long until, long pause) {
        Answer answer = (Answer) decode("{\"id\":\"hf1\",\"status\":" + status
                + ",\"error\":{\"code\":-1003,\"msg\":\"Way too many requests\",\"data\":{\"serverTime\":" + from
                + ",\"retryAfter\":" + until + "}}}");
        assertThat(answer.failure().orElseThrow().pause()).isEqualTo(Duration.ofMillis(pause));
    }

    @Test
    @DisplayName("without an end a ban is taken for the shortest there is, a limit for a minute")
    void unknownEnd() {
        Failure ban = ((Answer) decode("{\"id\":\"hf1\",\"status\":418,\"error\":{\"code\":-1003,\"msg\":\"m\"}}"))
                .failure()
                .orElseThrow();
        Failure limit = ((Answer) decode("{\"id\":\"hf1\",\"status\":429,\"error\":{\"code\":-1003,\"msg\":\"m\"}}"))
                .failure()
                .orElseThrow();
        assertThat(ban.pause()).isEqualTo(Duration.ofMinutes(2));
        assertThat(limit.pause()).isEqualTo(Duration.ofMinutes(1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"event\":{\"e\":\"serverShutdown\",\"E\":1}} | NOTICE",
                "{\"subscriptionId\":0,\"event\":{\"e\":\"eventStreamTerminated\",\"E\":1}} | LOGGED_OUT",
                "{\"event\":{\"e\":\"eventStreamTerminated\",\"E\":1}} | LOGGED_OUT",
                "{\"id\":null,\"status\":401,\"error\":{\"code\":-2015,\"msg\":\"Invalid API-key\"}} | LOGGED_OUT",
                "{\"id\":null,\"status\":418,\"error\":{\"code\":-1003,\"msg\":\"banned\"}} | FAILED",
                "{\"id\":null,\"status\":400,\"error\":{\"code\":-1135,\"msg\":\"Invalid JSON Request\"}} | FAILED",
                "{\"subscriptionId\":0,\"event\":{\"e\":\"executionReport\",\"E\":1}} | NONE",
                "{\"x\":1} | NONE"
            })
    void events(String frame, Event.Kind kind) {
        assertThat(decode(frame)).isInstanceOf(Event.class).extracting("kind").isEqualTo(kind);
    }
}
