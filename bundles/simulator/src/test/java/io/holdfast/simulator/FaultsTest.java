// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.simulator.AcceptRecord.End;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FaultsTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Simulator simulator = Simulator.start(
            SimulatorOptions.builder().rate(100).binanceMessageLimit(0).build());

    @AfterEach
    void stop() {
        simulator.close();
    }

    private RawClient open(String path) throws IOException {
        return RawClient.open(simulator, path);
    }

    @Test
    void resetIsARealReset() throws IOException {
        try (RawClient client = open("/generic/echo")) {
            long before = System.nanoTime();
            Fault fault = simulator.faults().reset();
            assertThat(fault.nanos()).isBetween(before, System.nanoTime());
            assertThat(fault.connections()).containsExactly(1);
            assertThat(fault).hasToString("reset on [1]");
            assertThatThrownBy(client.in::read)
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
            AcceptRecord record = simulator.awaitEnd(1, LIMIT);
            assertThat(record.end()).isEqualTo(End.FAULT);
            assertThat(record.endedNanos()).isGreaterThanOrEqualTo(fault.nanos());
        }
    }

    @Test
    void closeAndFin() throws IOException {
        try (RawClient first = open("/generic/echo");
                RawClient second = open("/generic/echo")) {
            simulator.faults().on(1).close(1008, "policy");
            RawClient.Frame close = first.closeFrame();
            assertThat(close.closeCode()).isEqualTo(1008);
            assertThat(close.closeReason()).isEqualTo("policy");
            simulator.faults().on(2).fin();
            assertThat(second.in.read()).isEqualTo(-1);
            assertThat(simulator.open()).isEmpty();
        }
        assertThat(simulator.awaitEnd(2, LIMIT).endDetail()).isEqualTo("FIN");
    }

    @Test
    void scopesHitWhatTheySay() throws IOException {
        try (RawClient deribit = open("/ws/api/v2");
                RawClient binance = open("/ws/a@trade");
                RawClient echo = open("/generic/echo")) {
            assertThat(simulator.faults().on("/ws").serverShutdown().connections())
                    .containsExactly(2);
            assertThat(simulator
                            .faults()
                            .on("/generic")
                            .on(1, 3)
                            .raw(new byte[] {(byte) 0x89, 0})
                            .connections())
                    .containsExactly(3);
            assertThat(simulator
                            .faults()
                            .on("/")
                            .raw(new byte[] {(byte) 0x89, 0})
                            .connections())
                    .containsExactly(1, 2, 3);
            Faults now = simulator.faults().onOpen();
            try (RawClient later = open("/generic/echo")) {
                assertThat(now.reset().connections()).containsExactly(1, 2, 3);
                later.text("still here");
                assertThat(later.frame().text()).isEqualTo("still here");
            }
            assertThat(deribit.in.read()).isEqualTo(0x89);
            assertThat(binance).isNotSameAs(echo);
        }
        assertThatThrownBy(() -> simulator.faults().on(1).refuse()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void halfOpenSwallowsBothWays() throws IOException {
        try (RawClient client = open("/generic/x")) {
            client.textWith("seq");
            simulator.faults().halfOpen();
            long lastWritten = simulator.data().last("/generic/x");
            for (int i = 0; i < 100; i++) {
                client.text("ping");
                client.send(true, 9, new byte[100]);
            }
            Session session = simulator.session(1).orElseThrow();
            simulator.await("all swallowed", () -> session.counters().bytesSwallowed() == 100 * (10 + 106), LIMIT);
            simulator.await("numbers that go on", () -> simulator.data().last("/generic/x") > lastWritten + 5, LIMIT);
            assertThat(session.isOpen()).isTrue();
            session.text("not sent");
            session.close(1000, "not sent");
            client.socket.setSoTimeout(100);
            assertThatIOException().isThrownBy(() -> client.textWith("never")).withMessageContaining("timed out");
            assertThat(simulator.data().written("/generic/x", 1).get(0).last()).isLessThanOrEqualTo(lastWritten);
            assertThat(session.isOpen()).isTrue();
        }
        assertThat(simulator.awaitEnd(1, LIMIT).end()).isEqualTo(End.CLIENT_FIN);
    }

    @Test
    void aReaderThatStopsFillsTheClientsWindow() throws Exception {
        try (RawClient client = open("/generic/x")) {
            client.textWith("seq");
            simulator.faults().stopReading();
            client.socket.setSendBufferSize(16 * 1024);
            Thread writer = new Thread(
                    () -> {
                        try {
                            for (int i = 0; i < 16; i++) {
                                client.send(true, 2, new byte[1 << 20]);
                            }
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    },
                    "writer");
            writer.start();
            client.textWith("seq"); // the other direction lives
            writer.join(300);
            assertThat(writer.isAlive()).as("16 MiB cannot go anywhere").isTrue();
            assertThat(simulator.open().get(0).counters().binaryIn()).isZero();
            simulator.faults().resumeReading();
            simulator.await(
                    "what was held back",
                    () -> simulator.open().get(0).counters().binaryIn() == 16,
                    LIMIT);
            writer.join(20_000);
            assertThat(writer.isAlive()).isFalse();
        }
    }

    @Test
    void refusesAndListensAgainOnTheSamePort() throws IOException {
        try (RawClient before = open("/generic/echo")) {
            int port = simulator.port();
            simulator.faults().refuse();
            for (int i = 0; i < 20; i++) {
                assertThatThrownBy(() -> open("/generic/echo")).isInstanceOf(ConnectException.class);
            }
            before.text("an open connection stays");
            assertThat(before.frame().text()).isEqualTo("an open connection stays");
            simulator.faults().accept();
            simulator.faults().accept();
            open("/generic/echo").close();
            assertThat(simulator.port()).isEqualTo(port);
            assertThat(simulator.accepts()).isEqualTo(2);
        }
    }

    @Test
    void refusesForATime() throws IOException {
        Fault fault = simulator.faults().refuseFor(Duration.ofMillis(300));
        RawClient client = null;
        while (client == null) {
            try {
                client = open("/generic/echo");
            } catch (ConnectException e) {
                assertThat(System.nanoTime() - fault.nanos()).isLessThan(LIMIT.toNanos());
            }
        }
        client.close();
        assertThat(simulator.acceptLog().get(0).acceptedNanos() - fault.nanos()).isGreaterThanOrEqualTo(300_000_000);
    }

    @Test
    void aFaultOnAConnectionToComeWaitsForIt() throws IOException {
        simulator.faults().on(3).silence("/generic/x");
        open("/generic/x").close();
        simulator.awaitEnd(1, LIMIT);
        try (RawClient heard = open("/generic/x");
                RawClient silent = open("/generic/x")) {
            heard.textWith("seq");
            heard.textWith("seq");
            silent.text("ping");
            assertThat(silent.frame().text()).isEqualTo("pong");
            assertThat(simulator.data().written("/generic/x", 3)).isEmpty();
        }
    }

    @Test
    void badFrames() throws IOException {
        try (RawClient client = open("/generic/echo")) {
            simulator.faults().reservedOpcode();
            assertThat(client.frame().opcode()).isEqualTo(3);
            simulator.faults().invalidUtf8();
            RawClient.Frame invalid = client.frame();
            assertThat(invalid.opcode()).isEqualTo(1);
            assertThat(invalid.text()).contains("\uFFFD");
            simulator.faults().maskedFrame();
            RawClient.Frame masked = client.frame();
            assertThat(masked.masked()).isTrue();
            assertThat(masked.text()).contains("as only a client may");
            simulator.faults().cutInFrame();
            assertThatThrownBy(client::frame).isInstanceOf(EOFException.class);
        }
        assertThat(simulator.awaitEnd(1, LIMIT).endDetail()).isEqualTo("cut in mid-frame");
    }

    @Test
    void oneLargeMessageStaysOneFrameAmongOthers() throws Exception {
        try (RawClient client = open("/generic/x")) {
            client.textWith("seq");
            Fault fault = simulator.faults().oversized(20_000_000);
            simulator.await("numbers meanwhile", () -> simulator.data().last("/generic/x") > 20, LIMIT);
            assertThat(fault.done()).isNotDone();
            RawClient.Frame large = client.frame(f -> f.payload().length > 1000);
            assertThat(large.payload()).hasSize(20_000_000);
            assertThat(large.text().chars().allMatch(c -> c == 'x')).isTrue();
            assertThat(client.textWith("seq")).startsWith("{\"channel\"");
            fault.done().get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void aFloodIsExactAndInOrder() throws Exception {
        try (RawClient client = open("/generic/x")) {
            Fault fault = simulator.faults().flood(5_000, 256);
            for (int i = 0; i < 5_000; i++) {
                String text = client.textWith("{\"flood\":");
                assertThat(text)
                        .hasSize(256)
                        .startsWith("{\"flood\":" + i + ",")
                        .endsWith("\"}");
            }
            fault.done().get(20, TimeUnit.SECONDS);
        }
        assertThatThrownBy(() -> simulator.faults().flood(1, 63)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFloodEndsWithItsConnection() throws Exception {
        RawClient client = open("/generic/x");
        Fault fault = simulator.faults().flood(1_000_000_000, 1024);
        client.textWith("flood");
        client.close();
        fault.done().get(20, TimeUnit.SECONDS);
        assertThat(simulator.awaitEnd(1, LIMIT).end()).isIn(End.CLIENT_RESET, End.CLIENT_FIN);
    }

    @Test
    void pongsAndGenericPings() throws IOException {
        try (RawClient client = open("/generic/x")) {
            client.text("ping");
            client.textWith("pong");
            client.text("PING");
            client.textWith("PONG");
            client.text("{\"req_id\":\"7\",\"op\":\"ping\"}");
            assertThat(client.textWith("req_id")).isEqualTo("{\"req_id\":\"7\",\"op\":\"pong\"}");
            client.text("{\"method\":\"ping\",\"req_id\":101}");
            assertThat(client.textWith("req_id")).isEqualTo("{\"method\":\"pong\",\"req_id\":101}");
            client.text("{\"a\":\"ping\"}");
            client.text("{ \"ping\"");
            simulator.faults().withholdPongs();
            client.text("ping");
            client.send(true, 9, "lost".getBytes(StandardCharsets.US_ASCII));
            Session session = simulator.open().get(0);
            simulator.await("the ping read", () -> session.counters().pingsIn() == 1, LIMIT);
            simulator.faults().clear();
            client.send(true, 9, "kept".getBytes(StandardCharsets.US_ASCII));
            RawClient.Frame next =
                    client.frame(f -> f.opcode() == 10 || f.text().equals("pong"));
            assertThat(next.text()).isEqualTo("kept");
            assertThat(session.counters().pongsOut()).isEqualTo(1);
        }
    }

    @Test
    void aSlowReaderIsDroppedAtItsBound() throws IOException {
        try (Simulator small = Simulator.start(SimulatorOptions.builder()
                        .rate(0)
                        .maxPending(100_000)
                        .sendBuffer(8 * 1024)
                        .build());
                RawClient client = new RawClient(RawClient.tcp(small, 8 * 1024))) {
            client.upgrade("/generic/echo", "");
            Session session = small.open().get(0);
            String text = "z".repeat(1000);
            for (int i = 0; i < 10_000 && session.isOpen(); i++) {
                session.text(text);
            }
            assertThat(small.awaitEnd(1, LIMIT).endDetail()).startsWith("slow reader");
        }
    }
}
