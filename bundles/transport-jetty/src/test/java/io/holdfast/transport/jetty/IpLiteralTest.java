// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.transport.FrameEngine;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpLiteralTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "0.0.0.0",
                "255.255.255.255",
                "192.0.2.10",
                "::1",
                "::",
                "2001:db8::7",
                "2001:DB8:0:0:0:0:0:7",
                "::ffff:192.0.2.1",
                "fe80::1"
            })
    void addressesAreTheSameAsThePlatformFinds(String host) throws UnknownHostException {
        assertThat(IpLiteral.parse(host)).contains(InetAddress.getByName(host));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "exchange.test",
                "1.2.3.4.example.com",
                "1.2.3.4.",
                "1.2.3",
                "127.1",
                "2130706433",
                "1.2.3.4.5",
                "1..3.4",
                ".1.2.3",
                "1.2.3.",
                "256.1.1.1",
                "1.2.3.1000",
                "99999999999.1.1.1",
                "01.2.3.4",
                "1.2.3.04",
                "1.2.3.00",
                "0x7f.0.0.1",
                "1.2.3.-4",
                "1.2.3.4a",
                "\u0661.2.3.4",
                "",
                "fe80::1%1",
                "fe80::1%eth0",
                "[::1]",
                "v1.fe80:a",
                ":",
                "1:2",
                "1:2:3:4:5:6:7:8:9",
                "::g",
                "12345::1",
                "\uff11::1"
            })
    void whateverLeavesADoubtIsLookedUp(String host) {
        assertThat(IpLiteral.parse(host)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void anAddressNeedsNoResolver(FrameEngine engine) throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    peer.upgrade();
                    peer.readToEnd();
                });
                EngineTransport transport = new EngineTransport(
                        engine,
                        new JettyTransport(
                                host -> {
                                    throw new UnknownHostException("asked for " + host);
                                },
                                1))) {
            assertThat(server.uri().getHost()).isEqualTo("127.0.0.1");
            Recorder recorder = new Recorder();
            transport.connect(Requests.to(server.uri()), recorder);
            recorder.awaitOpen();
        }
    }
}
