// SPDX-License-Identifier: Apache-2.0
package io.holdfast.exchange.binance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.api.exchange.Answer;
import io.holdfast.api.exchange.Call;
import io.holdfast.api.exchange.ChannelSpec;
import io.holdfast.api.exchange.Event;
import io.holdfast.api.exchange.ExchangeProtocol;
import io.holdfast.api.exchange.Failure.Act;
import io.holdfast.api.exchange.Limit;
import io.holdfast.api.heartbeat.SetupStep;
import io.holdfast.api.options.InvalidOptionException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamsProtocolTest {
    private static ExchangeProtocol protocol(String uri, String... options) {
        Map<String, String> all = options.length == 0 ? Map.of() : Map.of(options[0], options[1]);
        return Protocols.of(uri, all);
    }

    @Test
    @DisplayName("requests as the documentation has them: numbers as ids, parameters left out where there are none")
    void requests() {
        ExchangeProtocol p = protocol(Protocols.SPOT);
        Call subscribe = p.subscribe(List.of("btcusdt@depth", "!miniTicker@arr"), SetupStep.PUBLIC_SUBSCRIPTIONS);
        assertThat(p.profile().envelope().seal("7", subscribe))
                .isEqualTo("{\"method\":\"SUBSCRIBE\",\"params\":[\"btcusdt@depth\",\"!miniTicker@arr\"],\"id\":7}");
        assertThat(p.unsubscribe(List.of("a@trade"), SetupStep.PUBLIC_SUBSCRIPTIONS)
                        .method())
                .isEqualTo("UNSUBSCRIBE");
        assertThat(p.profile().envelope().seal("8", p.list().orElseThrow()))
                .isEqualTo("{\"method\":\"LIST_SUBSCRIPTIONS\",\"id\":8}");
        assertThat(p.profile().envelope().numericId()).isTrue();
        assertThat(p.profile().channelsPerConnection()).isEqualTo(1024);
    }

    @ParameterizedTest
    @CsvSource({Protocols.SPOT + ", 5", Protocols.USDM_PUBLIC + ", 10", Protocols.COINM + ", 10"})
    @DisplayName("a burst and what follows it within a second leave room for a pong")
    void pace(String uri, int server) {
        Limit frames = protocol(uri).profile().limits().get(0);
        assertThat(frames.capacity() + frames.perSecond()).isLessThanOrEqualTo(server - 1);
    }

    @ParameterizedTest
    @CsvSource({
        Protocols.SPOT + ", btcusdt@depth, U, 1",
        Protocols.SPOT + ", btcusdt@depth@100ms, U, 1",
        Protocols.SPOT + ", btcusdt@depth5, '', 0",
        Protocols.SPOT + ", btcusdt@depth20@100ms, '', 0",
        Protocols.SPOT + ", btcusdt@trade, '', 0",
        Protocols.SPOT + ", !bookTicker, '', 0",
        Protocols.USDM_PUBLIC + ", btcusdt@depth@0ms, pu, 0",
        Protocols.USDM_PUBLIC + ", btcusdt@bookTicker, '', 0",
        Protocols.USDM_PUBLIC + ", btcusdt@somethingNew, '', 0",
        Protocols.USDM_MARKET + ", btcusdt@aggTrade, '', 0",
        Protocols.USDM_MARKET + ", btcusdt_perpetual@continuousKline_1m, '', 0",
        Protocols.USDM_MARKET + ", !markPrice@arr@1s, '', 0",
        Protocols.COINM + ", btcusd_perp@depth, pu, 0"
    })
    void streams(String uri, String name, String numberedBy, int step) {
        ChannelSpec spec = protocol(uri).channel(name);
        assertThat(spec.phase()).isEqualTo(SetupStep.PUBLIC_SUBSCRIPTIONS);
        assertThat(spec.needsLogIn()).isFalse();
        assertThat(spec.sequence().map(r -> r.from()).orElse(""))
                .isEqualTo(numberedBy.isEmpty() ? "" : "\"" + numberedBy + "\":");
        assertThat(spec.sequence().map(r -> r.step()).orElse(0)).isEqualTo(step);
    }

    @ParameterizedTest
    @CsvSource({
        Protocols.USDM_PUBLIC + ", btcusdt@aggTrade, /market",
        Protocols.USDM_PUBLIC + ", !markPrice@arr, /market",
        Protocols.USDM_MARKET + ", btcusdt@depth, /public",
        Protocols.USDM_MARKET + ", !bookTicker, /public",
        Protocols.USDM_PRIVATE + ", btcusdt@depth, listen key",
        Protocols.SPOT + ", BTCUSDT@trade, lower case",
        Protocols.SPOT + ", btcusdt, SYMBOL@KIND",
        Protocols.SPOT + ", !ticker@arr, retired"
    })
    @DisplayName("a stream about which the server would be silent is refused, and the reason names it and the option")
    void silentStreams(String uri, String name, String why) {
        assertThatThrownBy(() -> protocol(uri).channel(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + name + "'")
                .hasMessageContaining("exchange.channels")
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b@trade", "a\"@trade", "a/b@trade", "a@trade\n", "a@trade&b"})
    void impossibleNames(String name) {
        assertThatThrownBy(() -> protocol(Protocols.SPOT).channel(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("symbols of other scripts are streams, too")
    void otherScripts() {
        assertThat(protocol(Protocols.SPOT)
                        .channel("\u5e01\u5b89\u4eba\u751fusdt@trade")
                        .name())
                .isEqualTo("\u5e01\u5b89\u4eba\u751fusdt@trade");
    }

    @ParameterizedTest
    @CsvSource({
        "wss://stream.binance.com:9443/ws, uri, /stream",
        "wss://stream.binance.com:9443/ws/btcusdt@trade, uri, /stream",
        "wss://stream.binance.com:9443/stream?streams=btcusdt@trade, uri, exchange.channels",
        "wss://fstream.binance.com/stream, uri, /public",
        "wss://fstream.binance.com/public/ws, uri, /public/stream"
    })
    @DisplayName("an address behind which nothing works is a configuration error")
    void addresses(String uri, String option, String why) {
        assertThatThrownBy(() -> protocol(uri))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining(option)
                .hasMessageContaining(why);
    }

    @Test
    @DisplayName("the market that the address does not tell is named")
    void market() {
        assertThat(protocol("ws://127.0.0.1:1/stream", "exchange.market", "coinm")
                        .channel("a@depth")
                        .sequence())
                .contains(Market.COINM.book());
        assertThatThrownBy(() -> protocol("ws://127.0.0.1:1/stream", "exchange.market", "usdm"))
                .hasMessageContaining("/market");
        assertThatThrownBy(() -> protocol("ws://127.0.0.1:1/public/stream", "exchange.market", "spot"))
                .hasMessageContaining("exchange.market=usdm");
        assertThatThrownBy(() -> protocol(Protocols.SPOT, "exchange.auth", "ed25519"))
                .hasMessageContaining("exchange.auth");
    }

    @Test
    void silences() {
        ExchangeProtocol p = protocol(Protocols.USDM_MARKET, "exchange.silence", "*@markPrice*=20s, btcusdt@*=90s");
        assertThat(p.channel("x@markPrice@1s").silence()).isEqualTo(Duration.ofSeconds(20));
        assertThat(p.channel("btcusdt@aggTrade").silence()).isEqualTo(Duration.ofSeconds(90));
        assertThat(p.channel("ethusdt@aggTrade").silence()).isZero();
        assertThat(protocol(Protocols.USDM_MARKET).channel("x@markPrice").silence())
                .isEqualTo(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @CsvSource({
        "exchange.silence, btcusdt@trade",
        "exchange.silence, a@trade=soon",
        "exchange.limit, 0s",
        "exchange.channels.per.call, 1025",
        "exchange.subscribe, by hand",
        "exchange.market, moon",
        "exchange.receive.window, 61s",
        "exchange.user.data, true",
        "exchange.secret.key, x",
        "exchange.markt, spot"
    })
    void wrongOptionsAreRefusedByName(String name, String value) {
        assertThatThrownBy(() -> protocol(Protocols.SPOT, name, value))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining(name);
    }

    @Test
    @DisplayName("named in the address, on request")
    void inUri() {
        assertThat(protocol(Protocols.SPOT).profile().channelsInUri()).isEmpty();
        assertThat(protocol(Protocols.SPOT, "exchange.subscribe", "uri")
                        .profile()
                        .channelsInUri()
                        .orElseThrow()
                        .parameter())
                .isEqualTo("streams");
    }

    // --- frames

    private static Answer answer(String frame) {
        return (Answer) protocol(Protocols.SPOT).decode(frame);
    }

    @Test
    @DisplayName("null, lists, properties; whichever member comes first")
    void answers() {
        assertThat(answer("{\"result\":null,\"id\":312}").id()).isEqualTo("312");
        assertThat(answer("{\"id\":9007199254740993,\"result\":null}").id()).isEqualTo("9007199254740993");
        assertThat(answer("{\"result\":[\"a@trade\",\"b@depth\"],\"id\":3}").listed())
                .containsExactly("a@trade", "b@depth");
        assertThat(answer("{\"result\":[],\"id\":3}").accepted()).isTrue();
        assertThat(answer("{\"result\":true,\"id\":2}").result()).isEqualTo("true");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"code\":0,\"msg\":\"Unknown property\",\"id\":4} | 4 | 0",
                "{\"code\":2,\"msg\":\"Invalid request: too many parameters\"} | '' | 2",
                "{\"code\":3,\"msg\":\"Invalid JSON: expected value at line 1 column 1\"} | '' | 3",
                "{\"error\":{\"code\":2,\"msg\":\"Invalid request\"},\"id\":5} | 5 | 2"
            })
    @DisplayName("errors, wrapped or not, with the id of their request or for the oldest")
    void errors(String frame, String id, String code) {
        assertThat(answer(frame).id()).isEqualTo(id);
        assertThat(answer(frame).failure().orElseThrow().code()).isEqualTo(code);
        assertThat(answer(frame).failure().orElseThrow().act()).isEqualTo(Act.NONE);
    }

    @Test
    @DisplayName("notices, combined and bare; a listen key that has expired")
    void events() {
        ExchangeProtocol p = protocol(Protocols.USDM_PRIVATE);
        assertThat(p.decode("{\"stream\":\"!serverShutdown\",\"data\":{\"e\":\"serverShutdown\",\"E\":1}}"))
                .extracting("kind")
                .isEqualTo(Event.Kind.NOTICE);
        assertThat(p.decode("{\"e\":\"serverShutdown\",\"E\":1}"))
                .extracting("kind")
                .isEqualTo(Event.Kind.NOTICE);
        Event expired = (Event)
                p.decode("{\"stream\":\"abc\",\"data\":{\"e\":\"listenKeyExpired\",\"E\":1,\"listenKey\":\"abc\"}}");
        assertThat(expired.failure().orElseThrow().act()).isEqualTo(Act.RECONNECT);
        assertThat(expired.toString()).doesNotContain("abc");
        assertThat(p.decode("{\"e\":\"somethingElse\"}")).isEqualTo(Event.NONE);
        assertThat(p.decode("[1]")).isEqualTo(Event.NONE);
        assertThatThrownBy(() -> p.decode("{\"result\":secret"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret");
    }
}
