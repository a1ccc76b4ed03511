// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.scenarios;

import static io.holdfast.client.scenarios.House.LIMIT;
import static io.holdfast.client.scenarios.House.get;
import static io.holdfast.client.scenarios.House.quick;
import static io.holdfast.client.scenarios.House.stays;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientClosedException;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.simulator.AcceptRecord;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.Upgrade;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Upgrades that are answered with anything but 101. */
class RefusalScenariosTest {
    private final Simulator simulator = Simulator.start();
    private final House house = new House();
    private final Seen seen = new Seen();

    @AfterEach
    void stop() {
        house.close();
        simulator.close();
    }

    private Cause failure(WebSocketClient client) throws Exception {
        try {
            get(client.opened());
            throw new AssertionError("opened");
        } catch (ExecutionException e) {
            return ((ClientClosedException) e.getCause()).reason();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    @DisplayName("N9 401 and 403 are told as such and not tried again")
    void N9_unauthorizedIsNotTriedAgain(int status) throws Exception {
        simulator.faults().upgrades(Upgrade.refuse(status));

        Cause cause = failure(house.open(quick(simulator.uri("/generic/x")), seen));

        assertThat(cause.kind()).isEqualTo(Cause.Kind.REFUSED);
        assertThat(cause.code()).hasValue(status);
        assertThat(cause.message()).contains("" + status);
        stays("no second attempt", Duration.ofMillis(500), () -> simulator.accepts() == 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    @DisplayName("N10 Retry-After in seconds is obeyed and costs no attempt")
    void N10_retryAfterInSecondsIsObeyed(int status) throws Exception {
        simulator.faults().upgrades(1, Upgrade.retryAfter(status, 2));

        // The only attempt is not used up by waiting.
        house.ready(quick(simulator.uri("/generic/x")).option("reconnect.attempts", "1"), seen);

        List<AcceptRecord> log = simulator.acceptLog();
        assertThat(log).hasSize(2);
        assertThat(log.get(1).acceptedNanos() - log.get(0).acceptedNanos()).isGreaterThanOrEqualTo(2_000_000_000L);
        assertThat(seen.cause(Type.CONNECT_FAILED).kind()).isEqualTo(Cause.Kind.LIMITED);
        assertThat(seen.cause(Type.CONNECT_FAILED).code()).hasValue(status);
    }

    @Test
    @DisplayName("N10 Retry-After as a date is obeyed, by every client of the endpoint group")
    void N10_retryAfterAsDateIsObeyed() throws Exception {
        Instant date = Instant.ofEpochSecond(Instant.now().getEpochSecond() + 3);
        simulator.faults().upgrades(1, Upgrade.retryAfter(429, date));
        house.open(quick(simulator.uri("/generic/x")).id("told"), seen);
        seen.await(Type.RECONNECTING);

        Seen second = new Seen();
        house.ready(quick(simulator.uri("/generic/y")).id("second"), second);
        seen.await(Type.READY);

        // A clock that is set while the test runs is the only thing that can bring the wall and the timer apart.
        assertThat(simulator.acceptLog()).hasSize(3);
        assertThat(simulator.acceptLog().subList(1, 3))
                .allSatisfy(r -> assertThat(r.acceptedAt()).isAfterOrEqualTo(date.minusMillis(100)));
    }

    @Test
    @DisplayName("N10 an absurd Retry-After is capped by retry.after.max")
    void N10_retryAfterIsCapped() throws Exception {
        simulator.faults().upgrades(1, Upgrade.retryAfter(429, 86_400));

        house.ready(quick(simulator.uri("/generic/x")).option("retry.after.max", "300ms"), seen);

        assertThat(seen.await(Type.RECONNECTING).delay()).isEqualTo(Duration.ofMillis(300));
    }

    @Test
    @DisplayName("N11 302 is reported with its target and not followed")
    void N11_aRedirectIsReported() throws Exception {
        try (Simulator elsewhere = Simulator.start()) {
            String target = "http://127.0.0.1:" + elsewhere.port() + "/generic/x?token=canary";
            simulator.faults().upgrades(Upgrade.refuse(302, Map.of("Location", target)));

            Cause cause =
                    failure(house.open(quick(simulator.uri("/generic/x")).option("reconnect.attempts", "2"), seen));

            assertThat(cause.kind()).isEqualTo(Cause.Kind.HTTP);
            assertThat(cause.code()).hasValue(302);
            assertThat(cause.message())
                    .contains("302")
                    .contains("http://127.0.0.1:" + elsewhere.port() + "/generic/x")
                    .doesNotContain("canary");
            simulator.awaitAccepts(2, LIMIT);
            assertThat(elsewhere.accepts()).isZero();
        }
    }
}
