// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.scenarios;

import static io.holdfast.client.scenarios.House.ALLOWANCE;
import static io.holdfast.client.scenarios.House.LIMIT;
import static io.holdfast.client.scenarios.House.quick;
import static io.holdfast.client.scenarios.House.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.simulator.AcceptRecord;
import io.holdfast.simulator.Binance;
import io.holdfast.simulator.Fault;
import io.holdfast.simulator.ShutdownShape;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Binance's heartbeat as the simulator plays it: a ping each 400 ms, a pong wanted within 1.2 s. */
class BinanceHeartbeatContractTest {
    private static final String COMBINED = "/stream?streams=btcusdt@depth/btcusdt@trade";

    private final Simulator simulator = Simulator.start(SimulatorOptions.builder()
            .heartbeatUnit(Duration.ofMillis(20))
            .rate(50)
            .build());
    private final House house = new House();
    private final Seen seen = new Seen();

    @AfterEach
    void stop() {
        house.close();
        simulator.close();
    }

    private ClientOptions.Builder options(String path) {
        return quick(simulator.uri(path))
                .heartbeat("binance", Map.of("interval", "400ms", "deadline", "1200ms", "round.trip", "400ms"));
    }

    @Test
    @DisplayName("each ping of the server is answered once with its payload; nothing else is sent; health shows it")
    void pingsAreAnswered() throws Exception {
        WebSocketClient client = house.ready(options(COMBINED), seen);
        simulator.await("four pongs", () -> simulator.binance().state(1).pongsMatched() >= 4, LIMIT);

        Binance.State state = simulator.binance().state(1);
        assertThat(state.pongsUnsolicited()).isZero();
        assertThat(simulator.session(1).orElseThrow().counters().textIn()).isZero();
        assertThat(simulator.accepts()).isEqualTo(1);
        until("counted", () -> client.health().heartbeat().answered() >= 4);
        assertThat(client.health().heartbeat().lastBeatAgo()).isPresent();
        assertThat(seen.count()).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"BARE, /ws/btcusdt@trade", "COMBINED, /stream?streams=btcusdt@trade", "API, /ws-api/v3"})
    @DisplayName(
            "serverShutdown in each of its three shapes: a new connection takes over, and listeners see the notice")
    void serverShutdownLeadsToARotation(ShutdownShape shape, String path) throws Exception {
        WebSocketClient client = house.ready(options(path).option("heartbeat.silence", "1h"), seen);

        simulator.faults().onOpen().serverShutdown(shape);

        Cause cause = seen.cause(Type.ROTATED);
        assertThat(cause.kind()).isEqualTo(Cause.Kind.NOTICE);
        assertThat(cause.message()).contains("serverShutdown");
        AcceptRecord end = simulator.awaitEnd(1, LIMIT);
        assertThat(end.end()).isEqualTo(AcceptRecord.End.CLIENT_CLOSE);
        assertThat(end.closeCode()).isEqualTo(1000);
        seen.await(Type.DRAINED);
        assertThat(seen.has(Type.LOST)).isFalse();
        assertThat(client.metrics().rotations()).isEqualTo(1);
        assertThat(seen.texts()).anyMatch(t -> t.contains("serverShutdown"));
        assertThat(simulator.open()).hasSize(1);
    }

    private void assertReplaced(Fault fault, Duration limit, String why) {
        Cause cause = seen.cause(Type.LOST);
        assertThat(cause.kind()).isEqualTo(Cause.Kind.HEARTBEAT);
        assertThat(cause.message()).contains(why);
        long ended = simulator.awaitEnd(1, LIMIT).endedNanos();
        assertThat(Duration.ofNanos(ended - fault.nanos())).isLessThan(limit.plus(ALLOWANCE));
        seen.await(Type.READY, 2);
    }

    @Test
    @DisplayName("pings withheld while data flows: replaced at heartbeat.deadline, and the event says why")
    void withheldPingsAreFoundUnderData() throws Exception {
        house.ready(options(COMBINED), seen);
        Fault fault = simulator.faults().onOpen().withholdHeartbeats();
        assertReplaced(fault, Duration.ofMillis(1200), "no heartbeat of the server for 1200 ms");
    }

    @Test
    @DisplayName("half-open: replaced after two intervals and the round trip, and the event says why")
    void halfOpenIsFoundBySilence() throws Exception {
        house.ready(options(COMBINED).option("heartbeat.deadline", "1h"), seen);
        Fault fault = simulator.faults().onOpen().halfOpen();
        assertReplaced(fault, Duration.ofMillis(1200), "nothing received for 1200 ms");
    }
}
