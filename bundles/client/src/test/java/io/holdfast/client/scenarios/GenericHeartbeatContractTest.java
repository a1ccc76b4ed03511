// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.scenarios;

import static io.holdfast.client.scenarios.House.LIMIT;
import static io.holdfast.client.scenarios.House.quick;
import static io.holdfast.client.scenarios.House.stays;
import static io.holdfast.client.scenarios.House.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.simulator.AcceptRecord;
import io.holdfast.simulator.ConnectionHandler;
import io.holdfast.simulator.Received;
import io.holdfast.simulator.Session;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Heartbeats that are said by configuration alone. */
class GenericHeartbeatContractTest {
    private final Simulator simulator =
            Simulator.start(SimulatorOptions.builder().rate(0).build());
    private final House house = new House();
    private final Seen seen = new Seen();

    @AfterEach
    void stop() {
        house.close();
        simulator.close();
    }

    private ClientOptions.Builder options(Map<String, String> heartbeat) {
        return quick(simulator.uri("/generic/x")).heartbeat("generic", heartbeat);
    }

    private Session session() {
        return simulator.awaitOpen(1, LIMIT).get(0);
    }

    private List<String> received(Received.Kind kind) {
        return simulator.session(1).orElseThrow().received().stream()
                .filter(r -> r.kind() == kind)
                .map(Received::text)
                .toList();
    }

    private void assertReplaced(String why) {
        Cause cause = seen.cause(Type.LOST);
        assertThat(cause.kind()).isEqualTo(Cause.Kind.HEARTBEAT);
        assertThat(cause.message()).contains(why);
        assertThat(simulator.awaitEnd(1, LIMIT).end()).isIn(AcceptRecord.End.CLIENT_RESET, AcceptRecord.End.CLIENT_FIN);
        seen.await(Type.READY, 2);
    }

    @Test
    @DisplayName("ping frames with unique payloads; the round trip is shown; a pong with another payload is no answer")
    void pingsHaveUniquePayloads() throws Exception {
        WebSocketClient client =
                house.ready(options(Map.of("kind", "ping", "interval", "100ms", "text", "hb-", "misses", "10")), seen);
        until("five pings", () -> received(Received.Kind.PING).size() >= 5);
        assertThat(received(Received.Kind.PING)).doesNotHaveDuplicates().allMatch(p -> p.startsWith("hb-"));
        until("the round trip", () -> client.health().heartbeat().roundTrip().isPresent());
        assertThat(client.health().heartbeat().roundTrip().orElseThrow()).isPositive();
        until("nothing missed", () -> client.health().heartbeat().missed() == 0);
        assertThat(simulator.accepts()).isEqualTo(1);

        simulator.faults().onOpen().withholdPongs();
        session().pong("hb-wrong".getBytes());
        assertReplaced("10 heartbeats unanswered");
    }

    @Test
    @DisplayName("pongs one misses but the next has: counted in health, then forgiven")
    void missesAreCountedAndForgiven() throws Exception {
        WebSocketClient client =
                house.ready(options(Map.of("interval", "150ms", "timeout", "100ms", "misses", "1000")), seen);
        simulator.faults().onOpen().withholdPongs();
        until("two misses shown", () -> client.health().heartbeat().missed() >= 2);
        simulator.faults().clear();
        until("forgiven", () -> client.health().heartbeat().missed() == 0);
        assertThat(seen.types()).doesNotContain(Type.LOST);
    }

    @Test
    @DisplayName("no heartbeat: nothing is sent; without any type the engine's own pings wait for quiet")
    void noHeartbeatSendsNothing() throws Exception {
        house.ready(quick(simulator.uri("/generic/x")).option("heartbeat.type", "none"), seen);
        stays(
                "nothing comes",
                Duration.ofMillis(300),
                () -> session().counters().framesIn() == 0);
    }

    @Test
    @DisplayName("literal text, OKX style: ping only when nothing came for the interval, pong kept from the listeners")
    void literalTextOnlyWhenQuiet() throws Exception {
        house.ready(
                options(Map.of(
                        "kind",
                        "text",
                        "text",
                        "ping",
                        "answer",
                        "pong",
                        "basis",
                        "quiet-inbound",
                        "interval",
                        "200ms",
                        "misses",
                        "5")),
                seen);
        until("two pings", () -> received(Received.Kind.TEXT).size() >= 2);
        assertThat(received(Received.Kind.TEXT)).containsOnly("ping");
        assertThat(seen.count()).isZero();

        simulator.faults().onOpen().withholdPongs();
        assertReplaced("5 heartbeats unanswered");
    }

    @Test
    @DisplayName("JSON with an id of its own each time; only the answer with that id counts")
    void jsonWithAnId() throws Exception {
        simulator.handle("/mine", session -> new ConnectionHandler() {
            private int pings;

            @Override
            public void onText(Session from, String text) {
                // Two right answers, then always the one to the first.
                pings++;
                String id = pings <= 2 ? text.replaceAll(".*\"req_id\":\"(\\w+)\".*", "$1") : "hf0";
                from.text("{\"op\":\"pong\",\"req_id\":\"" + id + "\"}");
            }
        });
        WebSocketClient client = house.ready(
                quick(simulator.uri("/mine"))
                        .heartbeat(
                                "generic",
                                Map.of(
                                        "kind",
                                        "json",
                                        "text",
                                        "{\"req_id\":\"${id}\",\"op\":\"ping\"}",
                                        "interval",
                                        "150ms",
                                        "misses",
                                        "4")),
                seen);
        until("two answers", () -> client.health().heartbeat().answered() >= 2);
        assertReplaced("4 heartbeats unanswered");
        List<String> pings = received(Received.Kind.TEXT);
        assertThat(pings)
                .hasSizeGreaterThanOrEqualTo(6)
                .doesNotHaveDuplicates()
                .allMatch(p -> p.matches("\\{\"req_id\":\"hf\\d+\",\"op\":\"ping\"}"));
        // The answer that answers nothing is data.
        assertThat(seen.texts()).contains("{\"op\":\"pong\",\"req_id\":\"hf0\"}");
    }

    @Test
    @DisplayName("passive: the server's message is answered at once with the ready reply, and its absence found")
    void passiveWithAReply() throws Exception {
        house.ready(
                options(Map.of(
                        "kind", "passive",
                        "server.ping", "\"event\":\"ping\"",
                        "server.reply", "{\"event\":\"pong\"}",
                        "server.within", "1200ms")),
                seen);
        session().text("{\"event\":\"ping\",\"ts\":1}");
        session().awaitText("{\"event\":\"pong\"}"::equals, LIMIT);
        assertReplaced("no heartbeat of the server for 1200 ms");
        assertThat(received(Received.Kind.TEXT)).containsExactly("{\"event\":\"pong\"}");
        assertThat(seen.count()).isZero();
    }

    @Test
    @DisplayName("a configured notice leads to a rotation")
    void aNoticeLeadsToARotation() throws Exception {
        house.ready(options(Map.of("interval", "1h", "notice", "\"notice\" && \"64008\"")), seen);
        session().text("{\"event\":\"notice\",\"code\":\"64008\"}");
        assertThat(seen.cause(Type.ROTATED).kind()).isEqualTo(Cause.Kind.NOTICE);
        assertThat(simulator.awaitEnd(1, LIMIT).closeCode()).isEqualTo(1000);
        seen.await(Type.DRAINED);
        assertThat(seen.texts()).hasSize(1);
    }

    @Test
    @DisplayName(
            "a greeting: nothing is sent before it came, it is kept from the listeners, and without it there is no connection")
    void nothingIsSentBeforeTheGreeting() throws Exception {
        simulator.handle("/shy", session -> new ConnectionHandler() {
            @Override
            public void onOpen(Session opened) {
                if (opened.number() != 1) {
                    opened.text("{\"id\":\"x\",\"type\":\"welcome\"}");
                }
            }

            @Override
            public void onText(Session from, String text) {
                from.text("{\"got\":" + text + "}");
            }
        });
        house.open(
                quick(simulator.uri("/shy"))
                        .heartbeat(
                                "generic",
                                Map.of("interval", "1h", "greeting", "\"type\":\"welcome\"", "greeting.limit", "300ms"))
                        .openMessage("{\"subscribe\":1}"),
                seen);
        Cause silent = seen.cause(Type.LOST);
        assertThat(silent.kind()).isEqualTo(Cause.Kind.SETUP);
        assertThat(silent.message()).contains("greeting").contains("not answered within 300 ms");
        assertThat(received(Received.Kind.TEXT)).isEmpty();

        seen.await(Type.READY);
        until("the answer", () -> seen.count() > 0);
        assertThat(seen.texts()).containsExactly("{\"got\":{\"subscribe\":1}}");
    }
}
