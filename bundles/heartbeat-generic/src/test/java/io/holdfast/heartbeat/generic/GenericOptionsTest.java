// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.generic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.api.options.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GenericOptionsTest {
    private static final String JSON = "kind=json text={\"id\":\"${id}\"} ";

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of("kind=pong", "kind", "must be one of ping, text, json, passive"),
                Arguments.of("interval=0s", "interval", "must be positive"),
                Arguments.of("interval=2d", "interval", "must not be above 24h"),
                Arguments.of("interval=30", "interval", "expected a whole number with a unit"),
                Arguments.of("basis=quiet", "basis", "must be one of every, quiet-inbound, quiet-outbound"),
                Arguments.of("timeout=31s", "timeout", "must not be above heartbeat.interval (30s)"),
                Arguments.of("timeout=0s", "timeout", "must be positive"),
                Arguments.of("misses=0", "misses", "must be at least 1"),
                Arguments.of("misses=one", "misses", "must be a number"),
                Arguments.of("alive=yes", "alive", "must be one of any-frame, data, beats"),
                Arguments.of("silence=2d", "silence", "must not be above 24h"),
                Arguments.of("consume=yes", "consume", "must be true or false"),
                Arguments.of("answer=pong", "answer", "does not go with heartbeat.kind=ping"),
                Arguments.of("text=" + "x".repeat(65), "text", "must not be above 64 bytes"),
                Arguments.of("kind=text answer=pong", "text", "is required"),
                Arguments.of("kind=text text=ping", "answer", "no connection would ever be found dead"),
                Arguments.of(
                        "kind=text text=ping answer=${id}",
                        "answer",
                        "waits for an ${id} that heartbeat.text does not send"),
                Arguments.of("kind=text text=ping answer=a_&&__&&_b", "answer", "has an empty literal"),
                Arguments.of("kind=text text=ping answer=p\u00f6ng", "answer", "must be printable ASCII"),
                Arguments.of("kind=text text=ping answer=" + "x".repeat(257), "answer", "more than 256 characters"),
                Arguments.of("kind=text answer=pong text=" + "x".repeat(4097), "text", "must have from 1 to 4096"),
                Arguments.of("kind=json text=ping", "text", "must be a JSON object with an id"),
                Arguments.of("kind=json text={\"id\":${id}}", "text", "must be a JSON object with an id"),
                Arguments.of(JSON + "answer=pong", "answer", "must hold ${id} with heartbeat.kind=json"),
                Arguments.of("kind=passive", "silence", "no connection would ever be found dead"),
                Arguments.of("kind=passive silence=5s text=ping", "text", "is not sent with heartbeat.kind=passive"),
                Arguments.of(
                        "kind=passive silence=5s answer=pong", "answer", "does not go with heartbeat.kind=passive"),
                Arguments.of("server.reply=pong", "server.reply", "needs heartbeat.server.ping"),
                Arguments.of("server.ping=_&&_ping", "server.ping", "has an empty literal"),
                Arguments.of("server.within=2d", "server.within", "must not be above 24h"),
                Arguments.of("notice.lead=30s", "notice.lead", "needs heartbeat.notice"),
                Arguments.of("notice=\u00e4", "notice", "must be printable ASCII"),
                Arguments.of("intervall=30s", "intervall", "unknown; did you mean 'heartbeat.interval'?"));
    }

    /** {@code name=value} pairs between spaces; an underscore stands for a space in a value. */
    private static Map<String, String> options(String line) {
        return Arrays.stream(line.trim().split(" "))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(p -> "heartbeat." + p[0], p -> p[1].replace('_', ' ')));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void refusesByName(String options, String option, String reason) {
        assertThatThrownBy(() -> GenericProfile.of(GenericOptions.ALL.parse(options(options))))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageStartingWith("Option 'heartbeat." + option + "':")
                .hasMessageContaining(reason);
    }

    @Test
    void readmeHasARowForEveryOptionWithItsDefault() throws IOException {
        List<String> rows = Files.readAllLines(Path.of("README.md"));
        assertThat(GenericOptions.ALL.options())
                .allSatisfy(o -> assertThat(rows)
                        .filteredOn(row -> row.startsWith("| `" + o.name() + "` |"))
                        .singleElement()
                        .satisfies(row -> assertThat(row)
                                .contains(o.defaultText().isEmpty() ? "|" : "| `" + o.defaultText() + "` |")));
    }

    @Test
    void everyOptionIsTheHeartbeats() {
        assertThat(GenericOptions.ALL.options())
                .allSatisfy(o -> assertThat(o.name()).startsWith("heartbeat."))
                .allSatisfy(o -> assertThat(o.effect()).isEqualTo(Option.Effect.LIVE));
    }
}
