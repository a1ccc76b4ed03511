// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.binance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.api.heartbeat.FramePattern;
import io.holdfast.api.heartbeat.FramePattern.Effect;
import io.holdfast.api.heartbeat.Heartbeat;
import io.holdfast.api.heartbeat.HeartbeatContext;
import io.holdfast.api.heartbeat.HeartbeatFactory;
import io.holdfast.api.heartbeat.HeartbeatProfile;
import io.holdfast.api.heartbeat.HeartbeatProfile.Alive;
import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.api.options.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BinanceProfileTest {
    private final HeartbeatFactory factory = new BinanceHeartbeat();

    private HeartbeatProfile profile(Map<String, ?> options) {
        Heartbeat heartbeat =
                factory.open(new HeartbeatContext("c", factory.options().parse(options)));
        assertThat(heartbeat.hooks()).isEmpty();
        return heartbeat.profile();
    }

    @ParameterizedTest
    @CsvSource({"spot, 41, 60", "usdm, 361, 600", "options, 601, 900"})
    void limitsFollowTheMarket(String market, long silence, long deadline) {
        HeartbeatProfile p = profile(Map.of("heartbeat.profile", market));
        assertThat(p.alive()).isEqualTo(Alive.ANY_FRAME);
        assertThat(p.silence()).isEqualTo(Duration.ofSeconds(silence));
        assertThat(p.beatWithin()).isEqualTo(Duration.ofSeconds(deadline));
    }

    @Test
    void sendsNothingItself() {
        HeartbeatProfile p = profile(Map.of());
        assertThat(p).isEqualTo(profile(Map.of("heartbeat.profile", "spot")));
        assertThat(p.setup()).isEmpty();
        assertThat(p.beat()).isEmpty();
        assertThat(p.fatalCloseCodes()).isEmpty();
        assertThat(p.patterns()).allSatisfy(f -> assertThat(f.reply()).isEmpty());
    }

    @Test
    void everyLimitCanBeSet() {
        HeartbeatProfile p = profile(
                Map.of("heartbeat.interval", "200ms", "heartbeat.deadline", "600ms", "heartbeat.round.trip", "50ms"));
        assertThat(p.silence()).isEqualTo(Duration.ofMillis(450));
        assertThat(p.beatWithin()).isEqualTo(Duration.ofMillis(600));
        assertThat(profile(Map.of("heartbeat.silence", "5s")).silence()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void noticesAreTappedAndPromiseNothing() {
        assertThat(profile(Map.of()).patterns())
                .extracting(FramePattern::name)
                .containsExactly("serverShutdown/combined", "serverShutdown/api", "serverShutdown/bare");
        assertThat(profile(Map.of()).patterns()).allSatisfy(p -> {
            assertThat(p.effect()).isEqualTo(Effect.NOTICE);
            assertThat(p.consumed()).isFalse();
            assertThat(p.lead()).isEqualTo(Duration.ZERO);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "heartbeat.profile    | margin | must be one of spot, usdm, options",
                "heartbeat.interval   | 0s     | must be positive",
                "heartbeat.interval   | 60s    | heartbeat.deadline (1m) must be above heartbeat.interval (1m)",
                "heartbeat.interval   | 2d     | must not be above 24h",
                "heartbeat.deadline   | 20s    | heartbeat.deadline (20s) must be above heartbeat.interval (20s)",
                "heartbeat.deadline   | soon   | expected a whole number with a unit",
                "heartbeat.round.trip | 0s     | must be positive",
                "heartbeat.silence    | 0s     | must be positive",
                "heartbeat.ping       | 20s    | unknown; did you mean",
            })
    void refusesByName(String name, String value, String reason) {
        assertThatThrownBy(() -> profile(Map.of(name, value)))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining("'" + name + "'")
                .hasMessageContaining(reason);
    }

    @Test
    void readmeHasARowForEveryOptionWithItsDefault() throws IOException {
        List<String> rows = Files.readAllLines(Path.of("README.md"));
        assertThat(factory.options().options())
                .allSatisfy(o -> assertThat(rows)
                        .filteredOn(row -> row.startsWith("| `" + o.name() + "` |"))
                        .singleElement()
                        .satisfies(row -> assertThat(row)
                                .contains(o.defaultText().isEmpty() ? "|" : "| `" + o.defaultText() + "` |")));
    }

    @Test
    void everyOptionIsTheHeartbeats() {
        assertThat(factory.options().options())
                .allSatisfy(o -> assertThat(o.name()).startsWith("heartbeat."))
                .allSatisfy(o -> assertThat(o.effect()).isEqualTo(Option.Effect.LIVE));
    }

    @Test
    void isFoundInPlainJava() {
        assertThat(ServiceLoader.load(HeartbeatFactory.class))
                .singleElement()
                .satisfies(f -> assertThat(f.type()).isEqualTo("binance"));
    }
}
