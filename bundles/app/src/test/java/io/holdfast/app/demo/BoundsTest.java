// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.demo;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.ClientOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BoundsTest {

    private static final Duration ALLOWANCE = ofSeconds(2);

    private static Bounds bounds(Map<String, Object> options) {
        Map<String, Object> all = new HashMap<>(options);
        all.put("uri", "ws://127.0.0.1:1/x");
        return Bounds.of(ClientOptions.of(all), new HeartbeatLimits(ofMillis(4500), ofSeconds(5)), ALLOWANCE);
    }

    @Test
    void detection_is_the_limit_that_is_configured_and_the_allowance() {
        Bounds bounds = bounds(Map.of("write.timeout", "3s"));

        assertThat(bounds.told()).isEqualTo(ALLOWANCE);
        assertThat(bounds.silent()).isEqualTo(ofMillis(6500));
        assertThat(bounds.beatless()).isEqualTo(ofSeconds(7));
        assertThat(bounds.stuck()).isEqualTo(ofSeconds(7));
    }

    @Test
    void after_a_stable_connection_the_longer_of_initial_back_off_and_floor_counts() {
        assertThat(bounds(Map.of("reconnect.initial", "3s", "reconnect.floor", "1s"))
                        .back())
                .isEqualTo(ofSeconds(5));
        assertThat(bounds(Map.of("reconnect.initial", "1s", "reconnect.floor", "4s"))
                        .back())
                .isEqualTo(ofSeconds(6));
    }

    @Test
    void after_failures_each_waits_for_the_maximum_at_worst() {
        Bounds bounds = bounds(Map.of("reconnect.initial", "1s", "reconnect.maximum", "4s"));

        assertThat(bounds.retry()).isEqualTo(ofSeconds(6));
        assertThat(bounds.backAfter(3)).isEqualTo(ofSeconds(3 + 3 * 6));
        assertThat(bounds.backAfter(ofSeconds(20))).isEqualTo(ofSeconds(26));
    }

    @Test
    void a_floor_above_the_maximum_is_waited_for() {
        assertThat(bounds(Map.of("reconnect.floor", "9s", "reconnect.maximum", "4s"))
                        .retry())
                .isEqualTo(ofSeconds(11));
    }

    @Test
    void one_more_incarnation_than_the_intensity_allows_is_the_end() {
        Bounds bounds = bounds(Map.of("reconnect.attempts", 2, "reconnect.maximum", "1s"));

        assertThat(bounds.givenUp(10, ofSeconds(1))).isEqualTo(ofSeconds(2 + 11 * (2 * 3 + 1)));
    }

    @Test
    void a_plugin_has_its_own_limit() {
        assertThat(bounds(Map.of("plugin.limit", "500ms")).bound()).isEqualTo(ofMillis(2500));
        assertThat(bounds(Map.of()).adopted()).isEqualTo(ALLOWANCE);
    }

    @Test
    void heartbeat_limits_follow_the_options_of_the_plugins() {
        assertThat(HeartbeatLimits.deribit(Map.of())).isEqualTo(new HeartbeatLimits(ofSeconds(21), ofSeconds(25)));
        assertThat(HeartbeatLimits.deribit(Map.of("heartbeat.interval", "2s", "heartbeat.round.trip", "500ms")))
                .isEqualTo(new HeartbeatLimits(ofMillis(4500), ofSeconds(5)));
        assertThat(HeartbeatLimits.binance(Map.of())).isEqualTo(new HeartbeatLimits(ofSeconds(41), ofSeconds(60)));
        assertThat(HeartbeatLimits.binance(
                        Map.of("heartbeat.interval", "4s", "heartbeat.deadline", "6s", "heartbeat.silence", "3s")))
                .isEqualTo(new HeartbeatLimits(ofSeconds(3), ofSeconds(6)));
    }
}
