// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.simulator.AcceptRecord.End;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FramesTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Simulator simulator = Simulator.start(SimulatorOptions.builder()
            .rate(0)
            .maxMessage(2_000_000)
            .keepReceived(3)
            .build());

    @AfterEach
    void stop() {
        simulator.close();
    }

    private RawClient echo() throws IOException {
        return RawClient.open(simulator, "/generic/echo");
    }

    @Test
    void echoesTextBinaryEmptyAndLarge() throws IOException {
        try (RawClient client = echo()) {
            client.text("grüße \uD83D\uDE00");
            assertThat(client.frame().text()).isEqualTo("grüße \uD83D\uDE00");
            client.send(true, 2, new byte[] {0, -1, 7});
            RawClient.Frame binary = client.frame();
            assertThat(binary.opcode()).isEqualTo(2);
            assertThat(binary.masked()).isFalse();
            assertThat(binary.payload()).containsExactly(0, -1, 7);
            client.text("");
            assertThat(client.frame().payload()).isEmpty();
            for (int size : new int[] {125, 126, 65_535, 65_536, 1_000_000}) {
                client.text("x".repeat(size));
                assertThat(client.frame().payload()).hasSize(size);
            }
            Counters counters = simulator.session(1).orElseThrow().counters();
            assertThat(counters.textIn()).isEqualTo(7);
            assertThat(counters.binaryIn()).isEqualTo(1);
            assertThat(counters.framesIn()).isEqualTo(8);
            assertThat(counters.framesOut()).isEqualTo(8);
            assertThat(counters.bytesOut()).isGreaterThan(1_131_000);
        }
    }

    @Test
    void putsFragmentsTogetherAroundAPing() throws IOException {
        try (RawClient client = echo()) {
            byte[] snow = "snow \u2603".getBytes(StandardCharsets.UTF_8);
            client.send(false, 1, Arrays.copyOf(snow, 6)); // in the middle of a character
            client.send(true, 9, "p".getBytes());
            client.send(false, 0, new byte[0]);
            client.send(true, 0, Arrays.copyOfRange(snow, 6, snow.length));
            RawClient.Frame pong = client.frame();
            assertThat(pong.opcode()).isEqualTo(10);
            assertThat(pong.text()).isEqualTo("p");
            assertThat(client.frame().text()).isEqualTo("snow \u2603");
        }
    }

    @Test
    void takesBytesOneByOne() throws IOException {
        try (RawClient client = echo()) {
            byte[] frame = {(byte) 0x81, (byte) 0x82, 1, 2, 3, 4, 'h' ^ 1, 'i' ^ 2};
            for (byte octet : frame) {
                client.out.write(octet);
                client.out.flush();
            }
            assertThat(client.frame().text()).isEqualTo("hi");
        }
    }

    @Test
    void sendsFragmentsPingsAndRawBytes() throws IOException {
        try (RawClient client = echo()) {
            Session session = simulator.open().get(0);
            session.fragments("one ", "two ", "three");
            assertThat(client.frame())
                    .matches(f -> !f.fin() && f.opcode() == 1 && f.text().equals("one "));
            assertThat(client.frame())
                    .matches(f -> !f.fin() && f.opcode() == 0 && f.text().equals("two "));
            assertThat(client.frame())
                    .matches(f -> f.fin() && f.opcode() == 0 && f.text().equals("three"));
            session.ping("a".getBytes());
            session.ping("b".getBytes());
            session.raw(new byte[] {(byte) 0x89, 0});
            assertThat(client.frame().text()).isEqualTo("a");
            assertThat(client.frame().text()).isEqualTo("b");
            assertThat(client.frame().opcode()).isEqualTo(9);
            client.send(true, 10, "b".getBytes());
            client.send(true, 10, "b".getBytes());
            client.send(true, 10, "other".getBytes());
            simulator.await("three pongs", () -> session.counters().pongsUnsolicited() == 2, LIMIT);
            assertThat(session.counters().pongsMatched()).isEqualTo(1);
            assertThat(session.counters().pingsOut()).isEqualTo(2);
        }
    }

    @Test
    void keepsTheLastMessages() throws IOException {
        try (RawClient client = echo()) {
            for (int i = 1; i <= 5; i++) {
                client.text("m" + i);
            }
            Session session = simulator.open().get(0);
            assertThat(session.awaitText(t -> t.equals("m5"), LIMIT)).isEqualTo("m5");
            assertThat(session.received()).extracting(Received::text).containsExactly("m3", "m4", "m5");
            assertThat(session.received().get(0).toString()).doesNotContain("m3");
        }
    }

    private RawClient.Frame answerTo(byte[] bytes) throws IOException {
        try (RawClient client = echo()) {
            int number = simulator.accepts();
            client.out.write(bytes);
            client.out.flush();
            RawClient.Frame close = client.closeFrame();
            assertThat(client.in.read()).isEqualTo(-1);
            assertThat(simulator.awaitEnd(number, LIMIT).end()).isEqualTo(End.CLIENT_VIOLATION);
            return close;
        }
    }

    private static byte[] masked(int first, int... payload) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(first);
        frame.write(0x80 | payload.length);
        frame.writeBytes(new byte[4]);
        for (int octet : payload) {
            frame.write(octet);
        }
        return frame.toByteArray();
    }

    @Test
    void closesWith1002OnBrokenFraming() throws IOException {
        assertThat(answerTo(new byte[] {(byte) 0x81, 1, 'x'}).closeCode())
                .as("unmasked")
                .isEqualTo(1002);
        assertThat(answerTo(masked(0x83)).closeCode()).as("opcode 3").isEqualTo(1002);
        assertThat(answerTo(masked(0xc1)).closeCode()).as("RSV1").isEqualTo(1002);
        assertThat(answerTo(masked(0x09)).closeCode()).as("fragmented ping").isEqualTo(1002);
        assertThat(answerTo(masked(0x80)).closeCode())
                .as("continuation of nothing")
                .isEqualTo(1002);
        assertThat(answerTo(new byte[] {1, (byte) 0x80, 0, 0, 0, 0, 1, (byte) 0x80, 0, 0, 0, 0})
                        .closeCode())
                .as("message in a message")
                .isEqualTo(1002);
        assertThat(answerTo(masked(0x88, 0x03, 0xed)).closeCode())
                .as("close code 1005")
                .isEqualTo(1002);
        assertThat(answerTo(masked(0x88, 0x03)).closeCode())
                .as("half a close code")
                .isEqualTo(1002);
    }

    @Test
    void closesWith1007And1009() throws IOException {
        assertThat(answerTo(masked(0x81, 0xc3, 0x28)).closeCode()).isEqualTo(1007);
        assertThat(answerTo(masked(0x88, 0x03, 0xe8, 0xff)).closeCode()).isEqualTo(1007);
        ByteBuffer huge = ByteBuffer.allocate(14)
                .put((byte) 0x82)
                .put((byte) 0xff)
                .putLong(2_000_001)
                .putInt(0);
        assertThat(answerTo(huge.array()).closeCode()).isEqualTo(1009);
    }

    @Test
    void echoesTheClientsCloseAndEndsTcp() throws IOException {
        try (RawClient client = echo()) {
            client.close(4321, "enough");
            assertThat(client.closeFrame().closeCode()).isEqualTo(4321);
            assertThat(client.in.read()).isEqualTo(-1);
        }
        AcceptRecord record = simulator.awaitEnd(1, LIMIT);
        assertThat(record.end()).isEqualTo(End.CLIENT_CLOSE);
        assertThat(record.closeCode()).isEqualTo(4321);
        assertThat(record.closeReason()).isEqualTo("enough");
        try (RawClient client = echo()) {
            client.send(true, 8, new byte[0]);
            assertThat(client.closeFrame().payload()).isEmpty();
        }
        assertThat(simulator.awaitEnd(2, LIMIT).closeCode()).isEqualTo(1005);
    }

    @Test
    void closesFromItsSideAndKeepsTheAnswer() throws IOException {
        try (RawClient client = echo()) {
            Session session = simulator.open().get(0);
            session.close(1001, "going away");
            assertThat(session.isOpen()).isFalse();
            assertThat(client.closeFrame().closeReason()).isEqualTo("going away");
            client.close(1001, "seen");
            assertThat(client.in.read()).isEqualTo(-1);
            AcceptRecord record = session.awaitEnd(LIMIT);
            assertThat(record.end()).isEqualTo(End.SERVER);
            simulator.await("the client's code", () -> session.record().closeCode() == 1001, LIMIT);
            assertThat(session.record().closeReason()).isEqualTo("seen");
        }
    }

    @Test
    void tellsFinFromReset() throws IOException {
        echo().close();
        assertThat(simulator.awaitEnd(1, LIMIT).end()).isEqualTo(End.CLIENT_FIN);
        RawClient client = echo();
        client.socket.setSoLinger(true, 0);
        client.close();
        assertThat(simulator.awaitEnd(2, LIMIT).end()).isEqualTo(End.CLIENT_RESET);
    }

    @Test
    void aScriptThatThrowsCloses1011() throws IOException {
        simulator.handle("/bad", session -> new ConnectionHandler() {
            @Override
            public void onText(Session s, String text) {
                throw new IllegalStateException("on purpose");
            }
        });
        try (RawClient client = RawClient.open(simulator, "/bad")) {
            client.text("x");
            assertThat(client.closeFrame().closeCode()).isEqualTo(1011);
        }
    }

    @Test
    void theJdkClientAgrees() throws Exception {
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(simulator.uri("/generic/echo"), new WebSocket.Listener() {
                    private final StringBuilder text = new StringBuilder();

                    @Override
                    public CompletionStage<?> onText(WebSocket ws, CharSequence data, boolean last) {
                        text.append(data);
                        if (last) {
                            events.add(text.toString());
                            text.setLength(0);
                        }
                        ws.request(1);
                        return null;
                    }

                    @Override
                    public CompletionStage<?> onPong(WebSocket ws, ByteBuffer message) {
                        events.add("pong " + StandardCharsets.UTF_8.decode(message));
                        ws.request(1);
                        return null;
                    }

                    @Override
                    public CompletionStage<?> onClose(WebSocket ws, int code, String reason) {
                        events.add("close " + code);
                        return null;
                    }
                })
                .get(20, TimeUnit.SECONDS);
        String large = "y".repeat(300_000);
        socket.sendText("frag", false).get(20, TimeUnit.SECONDS);
        socket.sendText("ment", true).get(20, TimeUnit.SECONDS);
        socket.sendText(large, true).get(20, TimeUnit.SECONDS);
        socket.sendPing(ByteBuffer.wrap("hi".getBytes())).get(20, TimeUnit.SECONDS);
        assertThat(events.poll(20, TimeUnit.SECONDS)).isEqualTo("fragment");
        assertThat(events.poll(20, TimeUnit.SECONDS)).isEqualTo(large);
        assertThat(events.poll(20, TimeUnit.SECONDS)).isEqualTo("pong hi");
        simulator.open().get(0).fragments("three", " parts", " in one");
        assertThat(events.poll(20, TimeUnit.SECONDS)).isEqualTo("three parts in one");
        socket.sendClose(1000, "done").get(20, TimeUnit.SECONDS);
        assertThat(events.poll(20, TimeUnit.SECONDS)).isEqualTo("close 1000");
        AcceptRecord record = simulator.awaitEnd(1, LIMIT);
        assertThat(record.end()).isEqualTo(End.CLIENT_CLOSE);
        assertThat(record.closeReason()).isEqualTo("done");
    }
}
