// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.transport.CloseInfo;
import io.holdfast.api.transport.FrameEngine;
import io.holdfast.api.transport.TransportConnection;
import io.holdfast.api.transport.TransportConnection.SendCallback;
import java.net.InetAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** TLS records of every size, several at once or cut anywhere, under both engines. */
@ParameterizedClass
@EnumSource(FrameEngine.class)
class TlsRecordsTest {
    private static final int MESSAGES = 400;

    @TempDir
    static Path directory;

    private static TestCertificates certificates;

    private final EngineTransport transport;

    TlsRecordsTest(FrameEngine engine) {
        transport = new EngineTransport(
                engine, new JettyTransport(host -> new InetAddress[] {InetAddress.getByName("127.0.0.1")}, 1));
    }

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates = new TestCertificates(directory);
    }

    @AfterEach
    void stop() {
        transport.close();
    }

    /** One record for each message; the large ones are of several. */
    private static byte[] message(int number) {
        return FramesTest.pattern(number % 50 == 49 ? 40_000 : number % 10 == 9 ? 5_000 : 1 + number % 700);
    }

    private static ScriptedServer server(String protocol) throws Exception {
        SSLServerSocket socket = (SSLServerSocket) certificates
                .serverContext("server.p12")
                .getServerSocketFactory()
                .createServerSocket(0, 100, InetAddress.getByName("127.0.0.1"));
        socket.setEnabledProtocols(new String[] {protocol});
        return new ScriptedServer(socket, peer -> {
            peer.upgrade();
            assertThat(((SSLSocket) peer.socket).getSession().getProtocol()).isEqualTo(protocol);
            for (int i = 0; i < MESSAGES; i++) {
                peer.send(0x82, message(i));
                if (i == MESSAGES / 2) {
                    assertThat(peer.read().text()).isEqualTo("half");
                }
            }
            // close_notify and FIN, right behind the last message.
        });
    }

    @ParameterizedTest
    @CsvSource({
        "TLSv1.3, 1",
        "TLSv1.3, 2",
        "TLSv1.3, 3",
        "TLSv1.3, 7",
        "TLSv1.3, 100",
        "TLSv1.3, 1460",
        "TLSv1.3, 65536",
        "TLSv1.2, 1",
        "TLSv1.2, 5",
        "TLSv1.2, 1460",
        "TLSv1.2, 65536"
    })
    void recordsInPiecesOfAnySizeGiveTheSameMessages(String protocol, int piece) throws Exception {
        try (ScriptedServer server = server(protocol);
                CuttingRelay relay = new CuttingRelay(server.port(), piece)) {
            AtomicInteger next = new AtomicInteger();
            Recorder recorder = new Recorder() {
                private TransportConnection connection;

                @Override
                public void onOpen(TransportConnection opened) {
                    connection = opened;
                    super.onOpen(opened);
                }

                @Override
                boolean message(boolean text, ByteBuffer payload, long receivedNanos) {
                    int number = next.getAndIncrement();
                    if (!payload.equals(ByteBuffer.wrap(TlsRecordsTest.message(number)))) {
                        violations.add("message " + number + " is another");
                    }
                    if (number == MESSAGES / 2) {
                        connection.send(true, Requests.utf8("half"), SendCallback.NONE);
                    }
                    return true;
                }
            };
            URI uri = URI.create("wss://exchange.test:" + relay.port() + "/");
            transport.connect(Requests.to(uri, certificates.trust("server-trust.p12")), recorder);
            CloseInfo info = recorder.awaitClosed();
            assertThat(info.kind()).isEqualTo(CloseInfo.Kind.LOST);
            assertThat(next).hasValue(MESSAGES);
            assertThat(server.failures).isEmpty();
        }
    }
}
