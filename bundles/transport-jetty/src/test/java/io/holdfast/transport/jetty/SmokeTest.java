// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.transport.CloseInfo;
import io.holdfast.api.transport.FrameEngine;
import io.holdfast.api.transport.TransportConnection;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(FrameEngine.class)
class SmokeTest {
    private final FrameEngine engine;

    SmokeTest(FrameEngine engine) {
        this.engine = engine;
    }

    @Test
    void opensSendsReceivesAndCloses() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    peer.upgrade();
                    peer.text("hello");
                    Peer.Received message = peer.read();
                    peer.text("you said " + message.text());
                    Peer.Received close = peer.read();
                    peer.sendClose(close.closeCode(), "bye");
                    peer.readToEnd();
                });
                EngineTransport transport = new EngineTransport(engine, new JettyTransport())) {
            Recorder recorder = new Recorder();
            TransportConnection connection = transport.connect(Requests.to(server.uri()), recorder);
            assertThat(recorder.awaitOpen()).isSameAs(connection);
            assertThat(recorder.awaitMessage()).isEqualTo("hello");
            Requests.Sent sent = new Requests.Sent();
            connection.send(true, Requests.utf8("tick"), sent);
            assertThat(sent.result.get(Recorder.LIMIT_SECONDS, TimeUnit.SECONDS))
                    .isEqualTo("sent");
            assertThat(recorder.awaitMessage()).isEqualTo("you said tick");
            connection.close(1001, "going");
            assertThat(recorder.awaitClosed()).isEqualTo(new CloseInfo(CloseInfo.Kind.HANDSHAKE, 1001, "bye"));
            assertThat(server.failures).isEmpty();
        }
    }
}
