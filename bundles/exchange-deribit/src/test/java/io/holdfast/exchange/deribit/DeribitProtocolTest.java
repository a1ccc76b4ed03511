// SPDX-License-Identifier: Apache-2.0
package io.holdfast.exchange.deribit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.api.exchange.Answer;
import io.holdfast.api.exchange.Call;
import io.holdfast.api.exchange.ChannelSpec;
import io.holdfast.api.exchange.Cost;
import io.holdfast.api.exchange.ExchangeContext;
import io.holdfast.api.exchange.ExchangeProtocol;
import io.holdfast.api.exchange.Renewal;
import io.holdfast.api.exchange.SessionContext;
import io.holdfast.api.exchange.SessionStep;
import io.holdfast.api.heartbeat.SetupStep;
import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.api.transport.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeribitProtocolTest {
    private static final SessionContext.Signing NOBODY = (algorithm, data) -> {
        throw new IllegalArgumentException("nobody signs");
    };

    private static ExchangeProtocol protocol(Map<String, ?> options) {
        DeribitExchange exchange = new DeribitExchange();
        return exchange.open(new ExchangeContext(
                "c",
                URI.create("wss://test.deribit.com/ws/api/v2"),
                exchange.options().parse(options)));
    }

    private static SessionContext context(SessionContext.Signing signing, String... credentials) {
        Map<String, Secret> values = new java.util.HashMap<>();
        for (int i = 0; i < credentials.length; i += 2) {
            values.put(credentials[i], Secret.of(credentials[i + 1].toCharArray()));
        }
        return new SessionContext(1, values, signing, Instant.ofEpochMilli(1_700_000_000_000L), "nonce1");
    }

    @Test
    @DisplayName("steps in order of phase, log-in by secret")
    void stepsByCredentials() {
        ExchangeProtocol p =
                protocol(Map.of("exchange.auth", "client_credentials", "exchange.cancel.on.disconnect", "connection"));
        List<SessionStep> steps =
                p.session(context(NOBODY, "exchange.client.id", "me", "exchange.client.secret", "planted"));
        assertThat(steps)
                .extracting(s -> s.call().method())
                .containsExactly("public/hello", "public/auth", "private/enable_cancel_on_disconnect");
        assertThat(steps)
                .extracting(SessionStep::phase)
                .containsExactly(SetupStep.GREETING, SetupStep.LOG_IN, SetupStep.SESSION_OPTIONS);
        assertThat(steps.get(1).logIn()).isTrue();
        assertThat(steps.get(1).call().params())
                .contains("\"client_secret\":\"planted\"")
                .contains("\"scope\":\"connection\"");
        assertThat(steps.toString()).doesNotContain("planted");
    }

    @Test
    @DisplayName("log-in by signature, known answer: HMAC-SHA256 of time, nonce and data")
    void signature() {
        ExchangeProtocol p = protocol(Map.of("exchange.auth", "client_signature"));
        String params = p.session(context(NOBODY, "exchange.client.id", "me", "exchange.client.secret", "key"))
                .get(1)
                .call()
                .params();
        assertThat(params)
                .contains("\"timestamp\":1700000000000")
                .contains("\"nonce\":\"nonce1\"")
                .doesNotContain("client_secret");
        String signed = p.session(context(
                        (algorithm, data) -> {
                            assertThat(algorithm).isEqualTo("HmacSHA256");
                            assertThat(new String(data)).isEqualTo("1700000000000\nnonce1\n");
                            return new byte[] {(byte) 0xab, 1};
                        },
                        "exchange.client.id",
                        "me"))
                .get(1)
                .call()
                .params();
        assertThat(signed).contains("\"signature\":\"ab01\"");
    }

    @Test
    @DisplayName("a credential that is missing is named")
    void missingCredential() {
        ExchangeProtocol p = protocol(Map.of("exchange.auth", "client_credentials"));
        assertThatThrownBy(() -> p.session(context(NOBODY, "exchange.client.id", "me")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("exchange.client.secret");
    }

    @Test
    @DisplayName("refreshed at 80 % of what the server said, by its refresh token; nothing else is renewed")
    void renewal() {
        ExchangeProtocol p = protocol(Map.of("exchange.auth", "client_credentials"));
        List<SessionStep> steps = p.session(context(NOBODY, "exchange.client.id", "me", "exchange.client.secret", "s"));
        Answer answer = new Answer("hf1", "{\"refresh_token\":\"r1\",\"expires_in\":900}", List.of(), Optional.empty());
        Renewal renewal = p.renewal(steps.get(1), answer).orElseThrow();
        assertThat(renewal.after()).isEqualTo(Duration.ofSeconds(720));
        assertThat(renewal.step().call().params())
                .contains("\"grant_type\":\"refresh_token\"")
                .contains("\"r1\"");
        assertThat(renewal.toString()).doesNotContain("r1");
        assertThat(p.renewal(steps.get(0), answer)).isEmpty();
        assertThat(p.renewal(
                                steps.get(1),
                                new Answer(
                                        "hf1",
                                        "{\"expires_in\":31536000,\"refresh_token\":\"r\"}",
                                        List.of(),
                                        Optional.empty()))
                        .orElseThrow()
                        .after())
                .isEqualTo(Duration.ofSeconds(25_228_800));
    }

    @ParameterizedTest
    @CsvSource({
        "book.BTC-PERPETUAL.raw, 600, true, true",
        "book.BTC-PERPETUAL.100ms, 600, false, true",
        "book.BTC-PERPETUAL.agg2, 600, false, true",
        "book.BTC-PERPETUAL.none.20.100ms, 600, false, false",
        "trades.BTC-PERPETUAL.raw, 600, true, false",
        "user.orders.BTC-PERPETUAL.raw, 500, true, false",
        "user.portfolio.btc, 500, true, false",
        "platform_state, 600, false, false"
    })
    void channels(String name, int phase, boolean needsLogIn, boolean numbered) {
        ChannelSpec spec = protocol(Map.of()).channel(name);
        assertThat(spec.phase()).isEqualTo(phase);
        assertThat(spec.needsLogIn()).isEqualTo(needsLogIn);
        assertThat(spec.sequence().isPresent()).isEqualTo(numbered);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "book.\"x\".raw", "x\n", "böse"})
    void impossibleChannels(String name) {
        assertThatThrownBy(() -> protocol(Map.of()).channel(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "private/buy",
                "private/sell",
                "private/edit",
                "private/edit_by_label",
                "private/cancel",
                "private/cancel_all_by_instrument",
                "private/close_position",
                "private/verify_block_trade",
                "private/execute_block_trade"
            })
    @DisplayName("what the matching engine does takes from its limit, and from nothing else")
    void matched(String method) {
        assertThat(protocol(Map.of()).profile().costs().stream()
                        .filter(c -> c.fits(method) && c.amount() > 0)
                        .findFirst())
                .get()
                .extracting(Cost::limit)
                .isEqualTo("matching engine");
    }

    @Test
    void silences() {
        ExchangeProtocol p = protocol(Map.of("exchange.silence", "ticker.*=1m, book.BTC-PERPETUAL.100ms=90s"));
        assertThat(p.channel("ticker.ETH-PERPETUAL.100ms").silence()).isEqualTo(Duration.ofMinutes(1));
        assertThat(p.channel("book.BTC-PERPETUAL.100ms").silence()).isEqualTo(Duration.ofSeconds(90));
        assertThat(p.channel("book.BTC-PERPETUAL.100ms2").silence()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "exchange.silence, ticker",
        "exchange.silence, ticker.*=soon",
        "exchange.refresh, 1.5",
        "exchange.limit, 0s",
        "exchange.channels.per.call, 501",
        "exchange.auth, password",
        "exchange.cancel.on.disconnect, account",
        "exchange.client.secret, x",
        "exchange.hallo, true"
    })
    void wrongOptionsAreRefusedByName(String name, String value) {
        assertThatThrownBy(() -> protocol(Map.of(name, value)))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining(name);
    }

    @Test
    @DisplayName("D16: parameters are absent when there are none, and as they are when there are")
    void envelope() {
        ExchangeProtocol p = protocol(Map.of());
        assertThat(p.profile().envelope().seal("hf1", Call.of("public/test", "")))
                .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":\"hf1\",\"method\":\"public/test\"}");
        assertThat(p.profile().envelope().seal("hf2", Call.of("public/test", "{\"a\":\"${id}\"}")))
                .isEqualTo(
                        "{\"jsonrpc\":\"2.0\",\"id\":\"hf2\",\"method\":\"public/test\",\"params\":{\"a\":\"${id}\"}}");
        assertThat(p.subscribe(List.of("a", "b"), SetupStep.PUBLIC_SUBSCRIPTIONS)
                        .params())
                .isEqualTo("{\"channels\":[\"a\",\"b\"]}");
        assertThat(p.subscribe(List.of("a"), SetupStep.PRIVATE_SUBSCRIPTIONS).method())
                .isEqualTo("private/subscribe");
        assertThat(p.unsubscribe(List.of("a"), SetupStep.PUBLIC_SUBSCRIPTIONS).method())
                .isEqualTo("public/unsubscribe");
    }
}
