// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim.binance;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.ClientState;
import io.holdfast.api.client.Continuity;
import io.holdfast.api.exchange.ChannelStatus.State;
import io.holdfast.client.sim.QuietLogs;
import io.holdfast.client.sim.VirtualEnvironment.Pool;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Binance's market streams on the virtual clock: truth of subscriptions, pace, gaps, silence. */
@ExtendWith(QuietLogs.class)
class BinanceStreamsTest {
    private static final String BOOK = "btcusdt@depth@100ms";
    private static final String TRADES = "btcusdt@aggTrade";

    private final BinanceProcess process = new BinanceProcess(12);

    private void ready(Map<String, String> exchange, String... streams) {
        process.open(BinanceProcess.streams(exchange, streams));
        process.seconds(30);
        assertThat(process.client.state()).isEqualTo(ClientState.READY);
    }

    @Test
    @DisplayName("a null that lied is found by the list, and the stream is asked for again, alone")
    void theListDecides() {
        process.binance.lies = 1;
        process.binance.messageEvery = Duration.ofSeconds(1).toNanos();
        process.open(BinanceProcess.streams(Map.of(), BOOK, TRADES));
        process.seconds(10);
        assertThat(process.channel(BOOK).state()).isEqualTo(State.REFUSED);
        assertThat(process.channel(BOOK).reason()).contains("not in the server's list");
        assertThat(process.channel(TRADES).state()).isEqualTo(State.PROVEN);
        process.seconds(40);
        assertThat(process.channel(BOOK).state()).isEqualTo(State.PROVEN);
        assertThat(process.binance.current().streams.askedTwice).isEmpty();
    }

    @Test
    @DisplayName("a stream that Binance does not know is acknowledged and never proven")
    void unknownStreams() {
        process.binance.unknownStreams.add("nonsense@trade");
        ready(Map.of(), "nonsense@trade", TRADES);
        process.seconds(600);
        assertThat(process.channel("nonsense@trade").state()).isEqualTo(State.ACKNOWLEDGED);
        assertThat(process.channel(TRADES).state()).isEqualTo(State.PROVEN);
    }

    @Test
    @DisplayName("a thousand streams one by one stay below five frames a second; more than 1,024 are refused here")
    void paceAndBound() {
        List<String> many =
                IntStream.range(0, 1_100).mapToObj(i -> "s" + i + "usdt@trade").toList();
        process.binance.messageEvery = Duration.ofHours(1).toNanos();
        process.open(BinanceProcess.streams(Map.of("channels.per.call", "7"), many.toArray(String[]::new)));
        process.seconds(120);
        assertThat(process.client.state()).isEqualTo(ClientState.READY);
        assertThat(process.binance.violations).isEmpty();
        assertThat(process.binance.accepted).isEqualTo(1);
        assertThat(process.binance.current().streams.subscribed).hasSize(1_024);
        assertThat(process.channel("s1099usdt@trade").state()).isEqualTo(State.REFUSED);
        assertThat(process.channel("s1099usdt@trade").reason()).contains("1024");
        process.client.exchange().orElseThrow().unsubscribe(List.of("s3usdt@trade"));
        process.seconds(30);
        assertThat(process.binance.current().streams.subscribed)
                .hasSize(1_024)
                .doesNotContain("s3usdt@trade")
                .contains("s1024usdt@trade");
    }

    @Test
    @DisplayName("named in the address nothing is asked for but the list; what has no room is")
    void inTheAddress() {
        List<String> many =
                IntStream.range(0, 600).mapToObj(i -> "s" + i + "usdt@trade").toList();
        process.open(BinanceProcess.streams(Map.of("subscribe", "uri"), many.toArray(String[]::new)));
        process.seconds(60);
        BinancePeer peer = process.binance.current();
        if (process.binance.accepted == 1) {
            // The first address is made before the plugin was asked about all names, or after.
            process.client.reconnect();
            process.seconds(60);
            peer = process.binance.current();
        }
        assertThat(peer.streams.subscribed).containsExactlyInAnyOrderElementsOf(many);
        assertThat(peer.streams.askedTwice).isEmpty();
        assertThat(peer.methods.stream().filter("SUBSCRIBE"::equals).count()).isBetween(1L, 2L);
        assertThat(process.binance.violations).isEmpty();
    }

    @Test
    @DisplayName("the answer to a step comes though much data of the address lies before it; all of it is delivered")
    void muchDataBeforeTheAnswerToAStep() {
        process.services.exchanges().add(new SteppingExchange(), "binance", "stepping", 1);
        process.binance.messageEvery = Duration.ofHours(1).toNanos();
        process.binance.atOnce = 1_000;
        process.open(BinanceProcess.streams(Map.of("subscribe", "uri"), BOOK));
        process.seconds(1);
        process.lane.clear();
        process.binance.current().cut();
        process.seconds(2);
        assertThat(process.client.state()).isEqualTo(ClientState.READY);
        assertThat(process.binance.accepted).isEqualTo(2);
        assertThat(process.lane.get(0)).isInstanceOf(Continuity.Interrupted.class);
        assertThat(process.lane.get(1)).isInstanceOf(Continuity.Resumed.class);
        assertThat(process.lane.subList(2, process.lane.size()))
                .hasSizeGreaterThanOrEqualTo(1_000)
                .allSatisfy(m -> assertThat(m).asString().startsWith("2 {\"stream\""));
        assertThat(process.channel(BOOK).gaps()).isZero();
    }

    @Test
    @DisplayName("each gap is told before the message behind it; nothing is asked for again, and the numbering goes on")
    void gaps() {
        ready(Map.of(), BOOK, TRADES);
        BinancePeer peer = process.binance.current();
        int asked = peer.methods.size();
        for (int i = 0; i < 5; i++) {
            peer.streams.loseOne(BOOK);
            process.seconds(20);
        }
        List<Continuity.Gap> gaps = process.continuity.stream()
                .filter(Continuity.Gap.class::isInstance)
                .map(Continuity.Gap.class::cast)
                .toList();
        assertThat(gaps).hasSize(5).allMatch(g -> g.stream().equals(BOOK) && g.to() - g.from() == 2);
        assertThat(process.channel(BOOK).gaps()).isEqualTo(5);
        assertThat(peer.methods).hasSize(asked);
        assertThat(process.channel(BOOK).state()).isEqualTo(State.PROVEN);
    }

    @Test
    @DisplayName("a stream the server forgot is found by its silence, asked for again alone, and proven")
    void silence() {
        ready(Map.of("silence", "*@aggTrade=20s"), BOOK, TRADES);
        BinancePeer peer = process.binance.current();
        peer.streams.forget(TRADES);
        process.seconds(60);
        assertThat(peer.streams.subscribed).containsExactlyInAnyOrder(BOOK, TRADES);
        assertThat(process.channel(TRADES).state()).isEqualTo(State.PROVEN);
        assertThat(process.channel(TRADES).resubscribed()).isEqualTo(1);
        assertThat(process.channel(BOOK).resubscribed()).isZero();
        assertThat(process.binance.current()).isSameAs(peer);
    }

    /** What the listener got from the loss on: the report of its end comes before any message. */
    private void theReportComesFirst() {
        int lost = process.lane.size();
        for (int i = 0; i < lost; i++) {
            lost = process.lane.get(i) instanceof Continuity.Interrupted ? i : lost;
        }
        assertThat(process.lane.subList(lost, process.lane.size())).hasSizeGreaterThan(2);
        assertThat(process.lane.get(lost + 1)).isInstanceOf(Continuity.Resumed.class);
        assertThat(process.lane.get(lost + 2)).asString().startsWith("2 {\"stream\"");
    }

    @Test
    @DisplayName("the new connection of a rotation inherits, and brings data before the engine knows that it is open")
    void theHeirBringsDataEarly() {
        ready(Map.of("subscribe", "uri"), BOOK, TRADES);
        process.lane.clear();
        process.binance.atOnce = 3;
        process.binance.current().cut();
        process.run(Duration.ofMillis(1));
        process.client.rotate();
        process.run(Duration.ofMillis(4).plusNanos(500_000));
        assertThat(process.client.state()).isEqualTo(ClientState.CONNECTING);
        process.environment.stall(Pool.MAILBOX, Duration.ofMillis(100));
        process.seconds(5);
        assertThat(process.client.state()).isEqualTo(ClientState.READY);
        theReportComesFirst();
    }

    @Test
    @DisplayName("the same, with data that has begun before it inherits")
    void theHeirHasBegun() {
        ready(Map.of("subscribe", "uri"), BOOK, TRADES);
        process.lane.clear();
        BinancePeer old = process.binance.current();
        process.binance.messageEvery = Duration.ofMillis(10).toNanos();
        process.environment.stall(Pool.PLUGIN, Duration.ofSeconds(1));
        process.client.rotate();
        process.run(Duration.ofMillis(100));
        assertThat(process.binance.accepted).isEqualTo(2);
        old.cut();
        process.run(Duration.ofMillis(100));
        assertThat(process.client.state()).isEqualTo(ClientState.SETTING_UP);
        theReportComesFirst();
    }
}
