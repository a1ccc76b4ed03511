// SPDX-License-Identifier: Apache-2.0
package io.holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonWriter;
import io.holdfast.api.client.ClientHealth;
import io.holdfast.api.client.ClientHealth.HeartbeatHealth;
import io.holdfast.api.client.ClientMetrics;
import io.holdfast.api.client.ClientState;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TreeTest {
    private static final Optional<Duration> AGO = Optional.of(Duration.ofMillis(12));
    private static final Tree TREE = new Tree(
            Instant.parse("2026-11-23T19:00:00Z"),
            List.of(),
            List.of(new Tree.Client(
                    "a",
                    "wss://a.example/",
                    "",
                    ClientState.READY,
                    new ClientHealth(
                            ClientHealth.Status.OK,
                            List.of(),
                            new HeartbeatHealth("ping", true, false, AGO, AGO, 0, 42),
                            Optional.empty()),
                    new ClientMetrics(3, 17, 20, 18, 16, 123, 987, 88, 2, 5, 1, 42, 4, 1, 6, 9, AGO))));

    @Test
    void jsonTellsEveryFigure() throws IOException {
        StringWriter out = new StringWriter();
        new TreeJson(new JsonWriter(out)).print(TREE);
        JsonObject metrics = JsonParser.parseString(out.toString())
                .getAsJsonObject()
                .getAsJsonArray("others")
                .get(0)
                .getAsJsonObject()
                .getAsJsonObject("metrics");
        Set<String> figures = Stream.of(ClientMetrics.class.getRecordComponents())
                .map(TreeTest::name)
                .collect(Collectors.toSet());
        assertThat(metrics.keySet()).isEqualTo(figures);
        assertThat(metrics.get("rotations").getAsLong()).isEqualTo(6);
        assertThat(metrics.get("streamsSwitched").getAsLong()).isEqualTo(9);
    }

    private static String name(RecordComponent figure) {
        return figure.getName() + (figure.getType() == Optional.class ? "Millis" : "");
    }

    @Test
    void textTellsOfRotations() {
        StringWriter out = new StringWriter();
        PrintWriter writer = new PrintWriter(out);
        new TreeText(writer).print(TREE);
        writer.flush();
        assertThat(out.toString()).contains("6 rotations, 9 streams switched");
    }
}
