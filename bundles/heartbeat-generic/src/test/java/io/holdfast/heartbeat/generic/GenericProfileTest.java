// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.generic;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.heartbeat.ClientBeat;
import io.holdfast.api.heartbeat.ClientBeat.Basis;
import io.holdfast.api.heartbeat.ClientBeat.Kind;
import io.holdfast.api.heartbeat.Expectation;
import io.holdfast.api.heartbeat.FramePattern;
import io.holdfast.api.heartbeat.FramePattern.Effect;
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

class GenericProfileTest {
    private static HeartbeatProfile profile(Map<String, ?> options) {
        HeartbeatFactory factory = new GenericHeartbeat();
        return factory.open(new HeartbeatContext("c", factory.options().parse(options)))
                .profile();
    }

    @Test
    void pingsByDefault() {
        HeartbeatProfile p = profile(Map.of());
        assertThat(p.beat())
                .contains(new ClientBeat(
                        Kind.PING_FRAME,
                        "",
                        Duration.ofSeconds(30),
                        Basis.EVERY,
                        Optional.empty(),
                        Duration.ofSeconds(10),
                        1));
        assertThat(p.patterns()).isEmpty();
        assertThat(p.setup()).isEmpty();
        assertThat(p.silence()).isEqualTo(Duration.ZERO);
        assertThat(p.beatWithin()).isEqualTo(Duration.ZERO);
    }

    @Test
    void timeoutNeverExceedsAShorterInterval() {
        assertThat(profile(Map.of("heartbeat.interval", "5s"))
                        .beat()
                        .orElseThrow()
                        .timeout())
                .isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void okx() {
        HeartbeatProfile p = profile(Map.of(
                "heartbeat.kind", "text",
                "heartbeat.text", "ping",
                "heartbeat.answer", "pong",
                "heartbeat.basis", "quiet-inbound",
                "heartbeat.interval", "25s",
                "heartbeat.notice", "\"notice\" && \"64008\"",
                "heartbeat.notice.lead", "30s"));
        assertThat(p.beat())
                .contains(new ClientBeat(
                        Kind.TEXT,
                        "ping",
                        Duration.ofSeconds(25),
                        Basis.QUIET_INBOUND,
                        Optional.of(new Expectation(List.of("pong"), List.of(), true, 512)),
                        Duration.ofSeconds(10),
                        1));
        assertThat(p.patterns())
                .containsExactly(new FramePattern(
                        "notice",
                        512,
                        List.of("\"notice\"", "\"64008\""),
                        false,
                        Effect.NOTICE,
                        Optional.empty(),
                        Duration.ofSeconds(30)));
    }

    @Test
    void bybitAnswersWithTheId() {
        HeartbeatProfile p = profile(Map.of(
                "heartbeat.kind", "json",
                "heartbeat.text", "{\"req_id\":\"hb${id}\",\"op\":\"ping\"}",
                "heartbeat.interval", "20s",
                "heartbeat.misses", "2"));
        assertThat(p.beat().orElseThrow().payload()).isEqualTo("{\"req_id\":\"hb${id}\",\"op\":\"ping\"}");
        assertThat(p.beat().orElseThrow().answer())
                .contains(new Expectation(List.of("\"hb${id}\""), List.of(), true, 512));
        assertThat(p.beat().orElseThrow().misses()).isEqualTo(2);
    }

    @Test
    void kucoinWithFurtherLiteralsInTheAnswer() {
        HeartbeatProfile p = profile(Map.of(
                "heartbeat.kind", "json",
                "heartbeat.text", "{\"id\":\"${id}\",\"type\":\"ping\"}",
                "heartbeat.answer", "\"pong\" && \"${id}\"",
                "heartbeat.interval", "18s",
                "heartbeat.consume", "false"));
        assertThat(p.beat().orElseThrow().answer())
                .contains(new Expectation(List.of("\"pong\"", "\"${id}\""), List.of(), false, 512));
    }

    @Test
    void krakenHasBothSides() {
        HeartbeatProfile p = profile(Map.of(
                "heartbeat.kind", "text",
                "heartbeat.text", "{\"method\":\"ping\"}",
                "heartbeat.answer", "\"method\":\"pong\"",
                "heartbeat.server.ping", "\"channel\":\"heartbeat\"",
                "heartbeat.silence", "10s",
                "heartbeat.alive", "data"));
        assertThat(p.patterns())
                .containsExactly(new FramePattern(
                        "server-ping",
                        512,
                        List.of("\"channel\":\"heartbeat\""),
                        true,
                        Effect.BEAT,
                        Optional.empty(),
                        Duration.ZERO));
        assertThat(p.silence()).isEqualTo(Duration.ofSeconds(10));
        assertThat(p.alive()).isEqualTo(Alive.DATA);
        assertThat(p.beat()).isPresent();
    }

    @Test
    void orderlyIsAskedAndReplies() {
        HeartbeatProfile p = profile(Map.of(
                "heartbeat.kind", "passive",
                "heartbeat.server.ping", "\"event\":\"ping\"",
                "heartbeat.server.reply", "{\"event\":\"pong\"}",
                "heartbeat.server.within", "100s"));
        assertThat(p.beat()).isEmpty();
        assertThat(p.beatWithin()).isEqualTo(Duration.ofSeconds(100));
        assertThat(p.patterns()).singleElement().satisfies(f -> {
            assertThat(f.effect()).isEqualTo(Effect.BEAT);
            assertThat(f.consumed()).isTrue();
            assertThat(f.reply()).contains(new FramePattern.Reply("{\"event\":\"pong\"}", Optional.empty()));
        });
    }

    @Test
    void passiveWithSilenceOnly() {
        HeartbeatProfile p =
                profile(Map.of("heartbeat.kind", "passive", "heartbeat.silence", "60s", "heartbeat.alive", "beats"));
        assertThat(p.beat()).isEmpty();
        assertThat(p.patterns()).isEmpty();
        assertThat(p.alive()).isEqualTo(Alive.BEATS);
    }

    @Test
    void quietOutboundPingWithPayload() {
        ClientBeat beat = profile(
                        Map.of("heartbeat.text", "hf-", "heartbeat.basis", "quiet-outbound", "heartbeat.timeout", "3s"))
                .beat()
                .orElseThrow();
        assertThat(beat.payload()).isEqualTo("hf-");
        assertThat(beat.basis()).isEqualTo(Basis.QUIET_OUTBOUND);
        assertThat(beat.timeout()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void isFoundInPlainJava() {
        assertThat(ServiceLoader.load(HeartbeatFactory.class))
                .singleElement()
                .satisfies(f -> assertThat(f.type()).isEqualTo("generic"));
    }

    @Test
    void aGreetingIsTheFirstStepAndSaysNothing() {
        HeartbeatProfile p = profile(Map.of("heartbeat.greeting", "\"welcome\"", "heartbeat.greeting.limit", "3s"));
        assertThat(p.setup())
                .containsExactly(new SetupStep(
                        SetupStep.GREETING,
                        "greeting",
                        "",
                        Optional.of(new Expectation(List.of("\"welcome\""), List.of(), true, 512)),
                        Duration.ofSeconds(3)));
    }
}
