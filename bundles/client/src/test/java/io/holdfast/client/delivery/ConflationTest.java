// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.Continuity;
import io.holdfast.api.client.Message;
import io.holdfast.api.client.MessageListener;
import io.holdfast.api.exchange.ExchangeProfile;
import io.holdfast.api.exchange.ExchangeProfile.Acknowledgement;
import io.holdfast.api.exchange.ExchangeProfile.ChannelKey;
import io.holdfast.api.exchange.ExchangeProfile.Envelope;
import io.holdfast.api.exchange.FrameRule;
import io.holdfast.client.exchange.ConflatedChannels;
import io.holdfast.client.sim.VirtualEnvironment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The delivery that ships, on a virtual clock, with channels of which only the newest message counts. */
class ConflationTest {
    private static final ExchangeProfile PROFILE = new ExchangeProfile(
            "x",
            new Envelope("{\"id\":\"${id}\",\"method\":\"${method}\"${params}}", ",\"params\":", false),
            List.of(
                    new FrameRule("data", List.of("\"subscription\""), 64, FrameRule.Kind.DATA, false),
                    new FrameRule("answer", List.of("\"id\":"), 64, FrameRule.Kind.ANSWER, false)),
            Optional.of(new ChannelKey("\"channel\":\"", 128)),
            Acknowledgement.ALL,
            10,
            10_000,
            List.of(),
            List.of(),
            Duration.ofSeconds(1));

    private final VirtualEnvironment env = new VirtualEnvironment(1);
    private final ConflatedChannels channels = new ConflatedChannels();
    private final Bench bench = new Bench(env, false, channels);
    private final List<String> seen = new ArrayList<>();
    private final List<Continuity> events = new ArrayList<>();
    private final MessageListener listener = new MessageListener() {
        @Override
        public void onMessage(Message message) {
            seen.add(message.text().replaceAll(".*\"channel\":\"([^\"]*)\",\"n\":(\\d+).*", "$1 $2"));
        }

        @Override
        public void onContinuity(Continuity event) {
            events.add(event);
        }
    };

    @AfterEach
    void nothingIsLeft() {
        bench.end(env);
    }

    private void conflate(String... names) {
        channels.set(PROFILE, List.of(names));
        bench.delivery.add(listener, Optional.empty());
        env.runUntilIdle();
        events.clear();
    }

    private void message(String channel, int n) {
        bench.text(
                1,
                ("{\"method\":\"subscription\",\"channel\":\"" + channel + "\",\"n\":" + n + "}")
                        .getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void ofWhatWaitsTheNewestOfEachChannelIsDelivered() {
        conflate("a", "b");
        for (int i = 1; i <= 10; i++) {
            message("a", i);
            message("b", 100 + i);
            message("c", 200 + i);
        }
        env.runUntilIdle();
        assertThat(seen).contains("a 10", "b 110").hasSize(12);
        assertThat(seen.stream().filter(s -> s.startsWith("c")))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(201, 210).mapToObj(i -> "c " + i).toList());
        assertThat(channels.counts()).isEqualTo(Map.of("a", 9L, "b", 9L));
        assertThat(events).as("what is left out is no gap").isEmpty();
        assertThat(bench.delivery.dropped()).isZero();
        assertThat(bench.delivery.queued()).isZero();
    }

    @Test
    void aListenerThatKeepsUpGetsEverything() {
        conflate("a");
        for (int i = 1; i <= 5; i++) {
            message("a", i);
            env.runUntilIdle();
        }
        assertThat(seen).containsExactly("a 1", "a 2", "a 3", "a 4", "a 5");
        assertThat(channels.counts()).isEqualTo(Map.of("a", 0L));
    }

    @Test
    void whatIsNoDataIsNeverLeftOut() {
        conflate("a");
        for (int i = 1; i <= 3; i++) {
            bench.text(1, ("{\"id\":1,\"channel\":\"a\",\"n\":" + i + "}").getBytes(StandardCharsets.UTF_8));
        }
        bench.delivery.deliver(
                false,
                ByteBuffer.wrap(
                        "{\"method\":\"subscription\",\"channel\":\"a\",\"n\":9}".getBytes(StandardCharsets.UTF_8)),
                1,
                1);
        message("b", 7);
        assertThat(bench.delivery.queued()).isEqualTo(5);
    }

    @Test
    void channelsMayChangeAndKeepTheirCounts() {
        conflate("a");
        message("a", 1);
        message("a", 2);
        env.runUntilIdle();
        channels.set(PROFILE, List.of("a", "b"));
        message("a", 3);
        message("a", 4);
        env.runUntilIdle();
        assertThat(channels.counts()).isEqualTo(Map.of("a", 2L, "b", 0L));
        channels.set(PROFILE, List.of());
        message("a", 5);
        message("a", 6);
        env.runUntilIdle();
        assertThat(seen).containsExactly("a 2", "a 4", "a 5", "a 6");
        assertThat(channels.counts()).isEmpty();
    }

    @Test
    void whatIsDroppedForWantOfRoomIsStillAGap() {
        bench.policy = Bench.policy(io.holdfast.api.client.OverflowPolicy.Kind.DROP_OLDEST, 4, 1 << 20);
        conflate("a");
        for (int i = 1; i <= 10; i++) {
            message("a", i);
        }
        env.runUntilIdle();
        assertThat(seen).containsExactly("a 10");
        assertThat(events).anyMatch(e -> e instanceof Continuity.Gap g && g.from() == 1 && g.to() == 6);
        assertThat(channels.counts()).isEqualTo(Map.of("a", 3L));
    }

    /** Whatever the interleaving: numbers of a channel go up, the last one arrives, and every message is accounted for. */
    @Test
    void atRandomEachMessageIsDeliveredOrCounted() {
        for (int seed = 0; seed < 50; seed++) {
            VirtualEnvironment environment = new VirtualEnvironment(seed);
            ConflatedChannels conflated = new ConflatedChannels();
            Bench random = new Bench(environment, false, conflated);
            random.policy = Bench.policy(io.holdfast.api.client.OverflowPolicy.Kind.DISCONNECT, 10_000, 1 << 24);
            conflated.set(PROFILE, List.of("a", "b"));
            Map<String, Integer> last = new HashMap<>();
            Map<String, Integer> delivered = new HashMap<>();
            random.delivery.add(
                    m -> {
                        String[] parts = m.text()
                                .replaceAll(".*\"channel\":\"([^\"]*)\",\"n\":(\\d+).*", "$1 $2")
                                .split(" ");
                        int n = Integer.parseInt(parts[1]);
                        assertThat(n).isGreaterThan(last.getOrDefault(parts[0], -1));
                        last.put(parts[0], n);
                        delivered.merge(parts[0], 1, Integer::sum);
                    },
                    Optional.empty());
            Random dice = new Random(seed);
            Map<String, Integer> sent = new HashMap<>();
            for (int i = 0; i < 500; i++) {
                String channel = List.of("a", "b", "c").get(dice.nextInt(3));
                sent.merge(channel, 1, Integer::sum);
                random.text(
                        1,
                        ("{\"method\":\"subscription\",\"channel\":\"" + channel + "\",\"n\":" + i + "}")
                                .getBytes(StandardCharsets.UTF_8));
                if (dice.nextInt(8) == 0) {
                    environment.runUntilIdle();
                }
            }
            environment.runUntilIdle();
            assertThat(random.faults).isEmpty();
            assertThat(delivered.get("c")).isEqualTo(sent.get("c"));
            for (String channel : List.of("a", "b")) {
                assertThat(delivered.get(channel) + conflated.counts().get(channel))
                        .isEqualTo((long) sent.get(channel));
            }
            random.delivery.close(Cause.of(Cause.Kind.LOCAL_CLOSE, ""));
            environment.runFor(Duration.ofSeconds(3));
        }
    }
}
