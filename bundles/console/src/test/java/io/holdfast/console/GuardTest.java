// SPDX-License-Identifier: Apache-2.0
package io.holdfast.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuardTest {
    private static final String SECRET = "0123456789abcdef";
    private static final String HOST = "127.0.0.1:9475";
    private final Guard guard = new Guard(Token.inEnvironment("T", Map.of("T", SECRET)), "127.0.0.1", 9475);

    private static Guard.Request request(String host, String origin, String site, String type, String authorization) {
        return new Guard.Request("POST", "/api/orders", host, origin, site, type, authorization);
    }

    private static int status(Optional<Guard.Refusal> refusal) {
        return refusal.map(Guard.Refusal::status).orElse(200);
    }

    @Test
    void ordersOfThePageItselfAreTaken() {
        Guard.Request request =
                request(HOST, "http://" + HOST, "same-origin", "application/json; charset=utf-8", "Bearer " + SECRET);
        assertThat(guard.order(request)).isEmpty();
        assertThat(guard.order(request(
                        "localhost:9475",
                        "http://localhost:9475",
                        "same-origin",
                        "application/json",
                        "Bearer " + SECRET)))
                .isEmpty();
        assertThat(guard.order(request(HOST, "", "", "application/json", "Bearer " + SECRET)))
                .as("a script of an operator")
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Bearer ",
                "Bearer 0123456789abcdeF",
                "Basic 0123456789abcdef",
                "0123456789abcdef",
                "Bearer 0123456789abcdef "
            })
    void withoutTheTokenNothingIsToldOrDone(String authorization) {
        assertThat(status(guard.reading(request(HOST, "", "", "", authorization))))
                .isEqualTo(401);
        assertThat(status(guard.order(request(HOST, "", "", "application/json", authorization))))
                .isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource({
        "http://evil.example, , application/json, 403",
        "null, , application/json, 403",
        "http://127.0.0.1:9476, , application/json, 403",
        "https://127.0.0.1:9475, , application/json, 403",
        ", cross-site, application/json, 403",
        ", same-site, application/json, 403",
        ", none, application/json, 403",
        ", , text/plain, 415",
        ", , application/x-www-form-urlencoded, 415",
        ", , , 415",
    })
    void ordersFromElsewhereAreRefusedEvenWithTheToken(String origin, String site, String type, int status) {
        assertThat(status(guard.order(request(HOST, text(origin), text(site), text(type), "Bearer " + SECRET))))
                .isEqualTo(status);
    }

    private static String text(String cell) {
        return cell == null ? "" : cell;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example:9475",
                "evil.example",
                "127.0.0.1",
                "127.0.0.1:80",
                "127.0.0.1.evil.example:9475",
                "",
                "x y",
                "@127.0.0.1:1"
            })
    void aForeignNameThatPointsHereIsRefused(String host) {
        assertThat(status(guard.page(request(host, "", "", "", "")))).isEqualTo(421);
        assertThat(status(guard.reading(request(host, "", "", "", "Bearer " + SECRET))))
                .isEqualTo(421);
    }

    @Test
    void beyondLoopbackOnlyItsOwnNameCounts() {
        Guard wide = new Guard(Token.inEnvironment("T", Map.of("T", SECRET)), "192.0.2.7", 80);
        assertThat(wide.page(request("192.0.2.7", "", "", "", ""))).isEmpty();
        assertThat(status(wide.page(request("localhost", "", "", "", "")))).isEqualTo(421);
    }

    @Test
    void aBrowserThatSaysSameOriginIsBelievedBehindAProxyWithTls() {
        assertThat(guard.order(
                        request(HOST, "https://ops.example", "same-origin", "application/json", "Bearer " + SECRET)))
                .isEmpty();
        assertThat(status(guard.order(
                        request(HOST, "https://ops.example", "cross-site", "application/json", "Bearer " + SECRET))))
                .isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource({
        // listens on, asked for, status
        "0.0.0.0,               192.0.2.7:9475,     200",
        "0.0.0.0,               127.0.0.1:9475,     200",
        "0.0.0.0,               localhost:9475,     200",
        "0.0.0.0,               [2001:db8::1]:9475, 200",
        "[0:0:0:0:0:0:0:0],     [2001:db8::1]:9475, 200",
        "[0:0:0:0:0:0:0:0],     192.0.2.7:9475,     200",
        "[2001:db8:0:0:0:0:0:1],[2001:db8::1]:9475, 200",
        "[2001:db8:0:0:0:0:0:1],[2001:db8::2]:9475, 421",
        "[2001:db8:0:0:0:0:0:1],192.0.2.7:9475,     421",
        "0.0.0.0,               evil.example:9475,  421",
        "0.0.0.0,               192.0.2.7:80,       421",
        "0.0.0.0,               192.0.2.999:9475,   421",
        "0.0.0.0,               [::g]:9475,         421",
    })
    void everyAddressItListensOnIsItsOwn(String listens, String asked, int status) {
        Guard on = new Guard(Token.inEnvironment("T", Map.of("T", SECRET)), listens, 9475);
        assertThat(status(on.page(request(asked, "", "", "", "")))).isEqualTo(status);
    }
}
