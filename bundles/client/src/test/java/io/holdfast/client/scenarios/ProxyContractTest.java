// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.scenarios;

import static io.holdfast.client.scenarios.House.LIMIT;
import static io.holdfast.client.scenarios.House.get;
import static io.holdfast.client.scenarios.House.quick;
import static io.holdfast.client.scenarios.House.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.api.transport.Secret;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Through an HTTP proxy. */
class ProxyContractTest {
    private static final String CREDENTIALS = "trader:canary-proxy-password";

    private final House house = new House();
    private final Seen seen = new Seen();

    @AfterEach
    void stop() {
        house.close();
    }

    private void know(Map<String, Secret> secrets) {
        house.services.credentials().add(name -> secrets);
    }

    private static Secret secret(String text) {
        return Secret.of(text.toCharArray());
    }

    @Test
    @DisplayName("plain: a tunnel to the name, which only the proxy resolves; again after a loss, and no other way")
    void everyConnectionGoesThroughTheProxy() throws Exception {
        try (Simulator simulator =
                        Simulator.start(SimulatorOptions.builder().rate(0).build());
                TunnelProxy proxy = new TunnelProxy(Optional.empty())) {
            String uri = "ws://exchange.invalid:" + simulator.port() + "/generic/echo";
            WebSocketClient client =
                    house.ready(quick(URI.create(uri)).option("insecure", true).option("proxy", proxy.address()), seen);
            get(client.send("x".repeat(200_000)));
            until("the echo", () -> seen.count() == 1);
            simulator.faults().reset();
            seen.await(Type.READY, 2);
            assertThat(proxy.asked()).hasSize(2).containsOnly("exchange.invalid:" + simulator.port());
            get(client.close());
            assertThat(simulator.awaitEnd(2, LIMIT).closeCode()).isEqualTo(1000);
        }
    }

    @Test
    @DisplayName("wss inside the tunnel, the certificate is the server's; user and password come from the credentials")
    void tlsAndAuthentication(@TempDir Path directory) throws Exception {
        Certificates here = Certificates.make(directory, "here", "dns:exchange.invalid");
        know(Map.of("truststore", secret(Certificates.PASSWORD), "proxy", secret(CREDENTIALS)));
        try (Simulator simulator = Simulator.start(
                        SimulatorOptions.builder().rate(0).tls(here.server()).build());
                TunnelProxy proxy = new TunnelProxy(Optional.of(CREDENTIALS))) {
            WebSocketClient client = house.ready(
                    quick(URI.create("wss://exchange.invalid:" + simulator.port() + "/generic/echo"))
                            .option("proxy", proxy.address())
                            .option("tls.truststore", here.trust().toString())
                            .credentials("desk"),
                    seen);
            get(client.send("hello"));
            until("the echo", () -> seen.texts().contains("hello"));
            assertThat(simulator.session(1).orElseThrow().request().header("Proxy-Authorization"))
                    .isEmpty();
            assertThat(client.toString() + client.health() + seen.events()).doesNotContain("canary");
        }
    }

    @Test
    @DisplayName("407: refused as such, not tried again, and nothing shows the password")
    void wrongCredentialsAreRefused() throws Exception {
        know(Map.of("proxy", secret("trader:canary-wrong")));
        try (TunnelProxy proxy = new TunnelProxy(Optional.of(CREDENTIALS))) {
            house.open(
                    quick(URI.create("ws://127.0.0.1:1/"))
                            .option("proxy", proxy.address())
                            .credentials("desk"),
                    seen);
            Cause cause = seen.cause(Type.CLOSED);
            assertThat(cause.kind()).isEqualTo(Cause.Kind.REFUSED);
            assertThat(cause.code()).hasValue(407);
            assertThat(cause.message()).contains("the proxy answered HTTP 407");
            assertThat(proxy.asked()).hasSize(1);
            assertThat(seen.events().toString()).doesNotContain("canary");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HTTP/1.1 502 Bad Gateway%n%n            | HTTP            | the proxy answered HTTP 502 Bad Gateway",
                "''                                      | UNREACHABLE     | no answer of the proxy",
                "HTTP/1.1 200                            | CONNECT_TIMEOUT | no answer of the proxy within",
                "SSH-2.0-x%n%n                           | PROTOCOL        | the proxy cannot be used",
                "HTTP/1.1 200 OK%n%nearly                | PROTOCOL        | it sent more than its answer",
            })
    @DisplayName("a proxy that gives no tunnel is told apart from a server, and tried again")
    void aProxyThatGivesNoTunnel(String answer, Cause.Kind kind, String message) throws Exception {
        try (Simulator simulator =
                        Simulator.start(SimulatorOptions.builder().rate(0).build());
                TunnelProxy proxy = new TunnelProxy(Optional.empty())) {
            proxy.answer(answer.replace("%n", "\r\n"));
            house.open(
                    quick(simulator.uri("/generic/echo"))
                            .option("proxy", proxy.address())
                            .option("connect.timeout", "1s")
                            .option("reconnect.attempts", "0"),
                    seen);
            Cause cause = seen.cause(Type.CONNECT_FAILED);
            assertThat(cause.message()).contains(message);
            assertThat(cause.kind()).isEqualTo(kind);
            assertThat(simulator.accepts()).isZero();

            proxy.tunnel();
            seen.await(Type.READY);
        }
    }

    @Test
    @DisplayName("no proxy there: unreachable, and the cause names it")
    void noProxyThere() {
        house.open(
                quick(URI.create("ws://127.0.0.1:9/"))
                        .option("proxy", "http://127.0.0.1:1")
                        .option("reconnect.attempts", "1"),
                seen);
        Cause cause = seen.cause(Type.CONNECT_FAILED);
        assertThat(cause.kind()).isEqualTo(Cause.Kind.UNREACHABLE);
        assertThat(cause.message()).contains("the proxy 127.0.0.1").contains("127.0.0.1:1");
    }

    @ParameterizedTest
    @CsvSource({
        "https://proxy:3128, must begin with http://",
        "proxy:3128, must begin with http://",
        "http://proxy, must name a host and a port",
        "http://u:p@proxy:3128, must not hold user information",
        "http://proxy:3128/path, neither path nor query",
    })
    @DisplayName("a wrong proxy is refused by name")
    void wrongProxiesAreRefusedByName(String proxy, String reason) {
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> ClientOptions.uri("wss://exchange.example/")
                        .option("proxy", proxy)
                        .build())
                .withMessageContaining("'proxy'")
                .withMessageContaining(reason)
                .matches(e -> !e.getMessage().contains("u:p"));
    }
}
