// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.scenarios;

import static io.holdfast.client.scenarios.House.ALLOWANCE;
import static io.holdfast.client.scenarios.House.quick;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ConnectionEvent;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.simulator.AcceptRecord;
import io.holdfast.simulator.Fault;
import io.holdfast.simulator.Simulator;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Peers that fall silent while TCP stands. */
class SilenceScenariosTest {
    private final Simulator simulator = Simulator.start();
    private final House house = new House();
    private final Seen seen = new Seen();

    @AfterEach
    void stop() {
        house.close();
        simulator.close();
    }

    /** Lost between the bounds after the fault, with the cause, and open again. */
    private void assertReplaced(Fault fault, Duration atLeast, Duration atMost, String why) {
        ConnectionEvent lost = seen.await(Type.LOST);
        assertThat(lost.cause().orElseThrow().kind()).isEqualTo(Cause.Kind.HEARTBEAT);
        assertThat(lost.cause().orElseThrow().message()).contains(why);
        AcceptRecord end = simulator.awaitEnd(1, House.LIMIT);
        assertThat(end.end()).isIn(AcceptRecord.End.CLIENT_RESET, AcceptRecord.End.CLIENT_FIN);
        Duration took = Duration.ofNanos(end.endedNanos() - fault.nanos());
        assertThat(took).isBetween(atLeast, atMost.plus(ALLOWANCE));
        seen.await(Type.READY, 2);
        simulator.awaitOpenAfter(1, House.LIMIT);
    }

    @Test
    @DisplayName("N7 pings without pongs: dead within (misses + 1) intervals, replaced, and the event says why")
    void N7_missingPongsAreFoundOut() throws Exception {
        house.ready(
                quick(simulator.uri("/generic/x"))
                        .heartbeat(
                                "generic",
                                Map.of("kind", "ping", "interval", "400ms", "timeout", "400ms", "misses", "2")),
                seen);

        Fault fault = simulator.faults().onOpen().withholdPongs();

        // Data goes on all the while: it is no pong.
        assertReplaced(fault, Duration.ofMillis(400), Duration.ofMillis(1200), "2 heartbeats unanswered");
    }

    @Test
    @DisplayName("N8 a half-open connection is found by idle.timeout alone")
    void N8_halfOpenIsFoundByIdleTimeout() throws Exception {
        house.ready(
                quick(simulator.uri("/generic/x"))
                        .option("heartbeat.type", "none")
                        .option("idle.timeout", "400ms"),
                seen);

        Fault fault = simulator.faults().onOpen().halfOpen();

        assertReplaced(fault, Duration.ofMillis(200), Duration.ofMillis(400), "idle.timeout 400 ms");
    }

    @Test
    @DisplayName("N8 a half-open connection without any data before is found by a passive heartbeat")
    void N8_halfOpenIsFoundByAPassiveHeartbeat() throws Exception {
        house.ready(
                quick(simulator.uri("/generic/x")).heartbeat("generic", Map.of("kind", "passive", "silence", "400ms")),
                seen);

        Fault fault = simulator.faults().onOpen().halfOpen();

        assertReplaced(fault, Duration.ofMillis(200), Duration.ofMillis(400), "nothing received for 400 ms");
    }
}
