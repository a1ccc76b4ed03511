// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.deribit;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.heartbeat.Expectation;
import io.holdfast.api.heartbeat.FramePattern;
import io.holdfast.api.heartbeat.FramePattern.Effect;
import io.holdfast.api.heartbeat.Heartbeat;
import io.holdfast.api.heartbeat.HeartbeatContext;
import io.holdfast.api.heartbeat.HeartbeatFactory;
import io.holdfast.api.heartbeat.HeartbeatProfile;
import io.holdfast.api.heartbeat.HeartbeatProfile.Alive;
import io.holdfast.api.heartbeat.SetupStep;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class DeribitProfileTest {
    private final HeartbeatFactory factory = new DeribitHeartbeat();

    private HeartbeatProfile profile(Map<String, ?> options) {
        Heartbeat heartbeat =
                factory.open(new HeartbeatContext("c", factory.options().parse(options)));
        assertThat(heartbeat.hooks()).isEmpty();
        return heartbeat.profile();
    }

    @Test
    void asksForTheHeartbeatOnEveryConnection() {
        assertThat(profile(Map.of()).setup())
                .containsExactly(new SetupStep(
                        200,
                        "set_heartbeat",
                        "{\"jsonrpc\":\"2.0\",\"id\":\"${id}\",\"method\":\"public/set_heartbeat\",\"params\":{\"interval\":10}}",
                        Optional.of(new Expectation(List.of("\"id\":\"${id}\""), List.of("\"result\":\"ok\""), true)),
                        Duration.ofSeconds(10)));
    }

    @Test
    void answersTestRequestAheadOfEverything() {
        FramePattern pattern =
                profile(Map.of("heartbeat.marker", "v2")).patterns().get(0);
        assertThat(pattern.effect()).isEqualTo(Effect.BEAT);
        assertThat(pattern.consumed()).isTrue();
        FramePattern.Reply reply = pattern.reply().orElseThrow();
        assertThat(reply.text())
                .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":\"v2${id}\",\"method\":\"public/test\",\"params\":{}}");
        assertThat(reply.answer()).contains(new Expectation(List.of("\"id\":\"v2${id}\""), List.of(), true));
    }

    @Test
    void markerDoesNotMakeAnotherSetupStep() {
        assertThat(profile(Map.of("heartbeat.marker", "v2")).setup())
                .isEqualTo(profile(Map.of()).setup());
    }

    @Test
    void limitsFollowTheInterval() {
        HeartbeatProfile p = profile(Map.of());
        assertThat(p.alive()).isEqualTo(Alive.ANY_FRAME);
        assertThat(p.silence()).isEqualTo(Duration.ofSeconds(21));
        assertThat(p.beatWithin()).isEqualTo(Duration.ofSeconds(25));
        assertThat(p.beat()).isEmpty();
        assertThat(p.fatalCloseCodes())
                .as("4000 'heartbeat close' is worth a reconnect")
                .isEmpty();

        p = profile(Map.of("heartbeat.interval", "30s", "heartbeat.round.trip", "2s", "heartbeat.limit", "3s"));
        assertThat(p.silence()).isEqualTo(Duration.ofSeconds(62));
        assertThat(p.beatWithin()).isEqualTo(Duration.ofSeconds(75));
        assertThat(p.setup().get(0).text()).contains("\"interval\":30}");
        assertThat(p.setup().get(0).limit()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void unitScalesTheServersSecond() {
        HeartbeatProfile p = profile(
                Map.of("heartbeat.interval", "240ms", "heartbeat.unit", "20ms", "heartbeat.round.trip", "100ms"));
        assertThat(p.setup().get(0).text()).contains("\"interval\":12}");
        assertThat(p.silence()).isEqualTo(Duration.ofMillis(580));
        assertThat(p.beatWithin()).isEqualTo(Duration.ofMillis(600));
    }

    @Test
    void isFoundInPlainJava() {
        assertThat(ServiceLoader.load(HeartbeatFactory.class))
                .singleElement()
                .satisfies(f -> assertThat(f.type()).isEqualTo("deribit"));
    }
}
