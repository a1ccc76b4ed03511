// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.heartbeat.generic.GenericHeartbeat;
import io.holdfast.heartbeat.kit.ScriptedPeer.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * The profiles of {@code heartbeat-generic}, read from the files that are shipped, each against a peer with the exchange's
 * rules. Every duration of a profile and of its peer is divided by one factor, which is the number in each {@code subject}.
 */
class ProfilesTest {
    private static Duration scaled(double seconds, int factor) {
        return Duration.ofNanos((long) (seconds * 1e9)).dividedBy(factor);
    }

    /** All in seconds of the exchange, but for the factor. */
    private static Subject subject(
            String name, int factor, double deadline, double bound, double leastGap, Function<ProfileFile, Peer> peer) {
        ProfileFile file = ProfileFile.of(name);
        return new Subject(
                new GenericHeartbeat(),
                file.heartbeat(factor),
                peer.apply(file),
                scaled(deadline, factor),
                scaled(bound, factor),
                scaled(leastGap, factor));
    }

    private static Function<String, Optional<String>> literal(String ping, String pong) {
        return text -> text.equals(ping) ? Optional.of(pong) : Optional.empty();
    }

    @Test
    void everyFileIsTestedAndIsAClientConfiguration() throws IOException {
        try (Stream<Path> files = Files.list(ProfileFile.FOLDER)) {
            List<String> names = files.map(f -> f.getFileName().toString())
                    .filter(n -> n.endsWith(".json"))
                    .map(n -> n.replace(".json", ""))
                    .sorted()
                    .toList();
            List<String> tested = Arrays.stream(ProfilesTest.class.getDeclaredClasses())
                    .map(c -> c.getSimpleName()
                            .replaceAll("([a-z])([A-Z])", "$1-$2")
                            .toLowerCase(Locale.ROOT))
                    .sorted()
                    .toList();
            assertThat(names).isEqualTo(tested);
            for (String name : names) {
                assertThat(ProfileFile.of(name).client().heartbeatType()).isEqualTo("generic");
                assertThat(ProfileFile.of(name).client().uri().getScheme()).isEqualTo("wss");
            }
        }
    }

    /** Cut when nothing went either way for 30 s. */
    @Nested
    class Okx implements HeartbeatConformance {
        @Override
        public Subject subject() {
            int factor = 10;
            return ProfilesTest.subject(
                    "okx",
                    factor,
                    30,
                    25,
                    15,
                    file -> ScriptedPeer.of("/okx", literal("ping", "pong"), Rule.EITHER, scaled(30, factor))
                            .withOpenMessages(file.openMessages()));
        }
    }

    /** A ping is wanted each 20 s; how late it may be is not stated: 10 s here. */
    @Nested
    class Bybit implements HeartbeatConformance {
        @Override
        public Subject subject() {
            int factor = 10;
            return ProfilesTest.subject(
                    "bybit",
                    factor,
                    30,
                    30,
                    20,
                    file -> ScriptedPeer.of(
                                    "/bybit",
                                    text -> text.contains("\"op\":\"ping\"")
                                            ? Optional.of("{\"success\":true,\"ret_msg\":\"pong\",\"conn_id\":\"c\","
                                                    + text.substring(1))
                                            : Optional.empty(),
                                    Rule.CLIENT_BEAT,
                                    scaled(30, factor))
                            .withOpenMessages(file.openMessages()));
        }
    }

    /** A heartbeat of the server each second; closed after a minute without anything of the client. */
    @Nested
    class Kraken implements HeartbeatConformance {
        @Override
        public Subject subject() {
            int factor = 20;
            return ProfilesTest.subject(
                    "kraken",
                    factor,
                    60,
                    20,
                    30,
                    file -> ScriptedPeer.of(
                                    "/kraken",
                                    literal(
                                            "{\"method\":\"ping\"}",
                                            "{\"method\":\"pong\",\"time_in\":\"a\",\"time_out\":\"b\"}"),
                                    Rule.CLIENT_FRAME,
                                    scaled(60, factor))
                            .withBeat(
                                    "{\"channel\":\"heartbeat\"}",
                                    scaled(1, factor),
                                    text -> text.contains("\"method\":\"subscribe\""))
                            .withOpenMessages(file.openMessages()));
        }
    }

    /** Cut when the first subscription does not come within 5 s, or what is subscribed has nothing for as long (in fact 60 s). */
    @Nested
    class Coinbase implements HeartbeatConformance {
        @Override
        public Subject subject() {
            int factor = 2;
            return ProfilesTest.subject(
                    "coinbase",
                    factor,
                    5,
                    20,
                    1,
                    file -> ScriptedPeer.of("/coinbase", text -> Optional.empty(), Rule.SERVER_SENT, scaled(5, factor))
                            .withBeat(
                                    "{\"channel\":\"heartbeats\",\"events\":[{\"heartbeat_counter\":1}]}",
                                    scaled(1, factor),
                                    text -> text.contains("\"channel\":\"heartbeats\""))
                            .withOpenMessages(file.openMessages()));
        }
    }

    /** A ping is wanted each 30 s, the cut comes after two minutes. */
    @Nested
    class Bitget implements HeartbeatConformance {
        @Override
        public Subject subject() {
            int factor = 40;
            return ProfilesTest.subject(
                    "bitget",
                    factor,
                    120,
                    60,
                    30,
                    file -> ScriptedPeer.of("/bitget", literal("ping", "pong"), Rule.CLIENT_BEAT, scaled(120, factor))
                            .withOpenMessages(file.openMessages()));
        }
    }

    /** Nothing before the welcome; a ping each 18 s, cut 10 s later. */
    @Nested
    class Kucoin implements HeartbeatConformance {
        @Override
        public Subject subject() {
            int factor = 10;
            return ProfilesTest.subject(
                    "kucoin",
                    factor,
                    28,
                    28,
                    18,
                    file -> ScriptedPeer.of(
                                    "/kucoin",
                                    text -> text.contains("\"type\":\"ping\"")
                                            ? Optional.of(text.replace("\"ping\"", "\"pong\""))
                                            : Optional.empty(),
                                    Rule.CLIENT_BEAT,
                                    scaled(28, factor))
                            .withGreeting("{\"id\":\"hQvf8jkno\",\"type\":\"welcome\"}")
                            .withOpenMessages(file.openMessages()));
        }
    }

    /** Cut when the server itself sent nothing for 60 s. */
    @Nested
    class Hyperliquid implements HeartbeatConformance {
        @Override
        public Subject subject() {
            int factor = 20;
            return ProfilesTest.subject(
                    "hyperliquid",
                    factor,
                    60,
                    50,
                    30,
                    file -> ScriptedPeer.of(
                                    "/hyperliquid",
                                    literal("{\"method\":\"ping\"}", "{\"channel\":\"pong\"}"),
                                    Rule.SERVER_SENT,
                                    scaled(60, factor))
                            .withOpenMessages(file.openMessages()));
        }
    }

    /** The simulator's own USD-M: a ping frame each 180 s, its pong within 600 s. */
    @Nested
    class BinanceUsdm implements HeartbeatConformance {
        @Override
        public Subject subject() {
            int factor = 120;
            return ProfilesTest.subject(
                    "binance-usdm", factor, 600, 600, 180, file -> new BinanceExchange(scaled(1, factor), "/public"));
        }
    }
}
