// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.api.options.Option;
import io.holdfast.supervisor.core.AutoShutdown;
import io.holdfast.supervisor.core.Budget;
import io.holdfast.supervisor.core.Escalation;
import io.holdfast.supervisor.core.ExitReason;
import io.holdfast.supervisor.core.Strategy;
import io.holdfast.supervisor.core.SupervisorSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class GroupOptionsTest {
    private static final String PID = GroupOptions.PID + "~trading";

    @Test
    void nothingSaidIsTenInAMinuteForEachClient() {
        GroupOptions o = GroupOptions.of(Map.of(), PID);
        assertThat(o.group()).isEqualTo("trading");
        assertThat(o.spec().intensity().restarts()).isEqualTo(10);
        assertThat(o.spec().intensity().period()).isEqualTo(Duration.ofMinutes(1));
        assertThat(o.spec().intensity().budget()).isEqualTo(Budget.CHILD);
        assertThat(o.spec().restartDelay()).isZero();
        assertThat(o.spec().coolDown()).isZero();
        assertThat(o.spec().restartRefused()).isFalse();
        assertThat(o.spec().strategy()).isEqualTo(Strategy.ONE_FOR_ONE);
        assertThat(o.spec().maxChildren()).isEqualTo(SupervisorSpec.UNLIMITED);
        assertThat(o.spec().uncounted()).containsExactlyInAnyOrder(ExitReason.Kind.OPERATOR, ExitReason.Kind.BANNED);
    }

    @Test
    void everyOptionIsTaken() {
        GroupOptions o = GroupOptions.of(
                Map.of(
                        "group",
                        "g",
                        "intensity",
                        3,
                        "period",
                        "5s",
                        "budget",
                        "group",
                        "restart.delay",
                        "250ms",
                        "restart.refused",
                        true,
                        "cooldown",
                        "1m",
                        "window.whole.seconds",
                        "true"),
                PID);
        GroupOptions dynamic = GroupOptions.of(
                Map.of(
                        "strategy",
                        "dynamic",
                        "children.max",
                        7,
                        "auto.shutdown",
                        "all_significant",
                        "uncounted",
                        List.of("failed", "killed"),
                        "answer.limit",
                        "2s"),
                PID);
        assertThat(dynamic.spec().strategy()).isEqualTo(Strategy.DYNAMIC);
        assertThat(dynamic.spec().maxChildren()).isEqualTo(7);
        assertThat(dynamic.spec().autoShutdown()).isEqualTo(AutoShutdown.ALL_SIGNIFICANT);
        assertThat(dynamic.spec().uncounted())
                .containsExactlyInAnyOrder(ExitReason.Kind.FAILED, ExitReason.Kind.KILLED);
        assertThat(dynamic.spec().answerLimit()).isEqualTo(Duration.ofSeconds(2));
        assertThat(o.group()).isEqualTo("g");
        assertThat(o.spec().intensity().restarts()).isEqualTo(3);
        assertThat(o.spec().intensity().budget()).isEqualTo(Budget.GROUP);
        assertThat(o.spec().intensity().wholeSeconds()).isTrue();
        assertThat(o.spec().restartDelay()).isEqualTo(Duration.ofMillis(250));
        assertThat(o.spec().restartRefused()).isTrue();
        assertThat(o.spec().coolDown()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void escalationFollowsTheBudgetUnlessSaid() {
        assertThat(GroupOptions.of(Map.of(), PID).escalation()).isEqualTo(EscalateTo.CHILD);
        assertThat(GroupOptions.of(Map.of("budget", "group"), PID).escalation()).isEqualTo(EscalateTo.GROUP);
        GroupOptions child = GroupOptions.of(Map.of("budget", "group", "parent", "p", "child.order", 3), PID);
        assertThat(child.escalation()).isEqualTo(EscalateTo.PARENT);
        assertThat(child.parenthood().orElseThrow().parent()).isEqualTo("p");
        assertThat(child.parenthood().orElseThrow().spec().order()).isEqualTo(3);
        GroupOptions last = GroupOptions.of(Map.of("escalation", "framework", "stop.limit", "9s"), PID);
        assertThat(last.escalation()).isEqualTo(EscalateTo.FRAMEWORK);
        assertThat(last.spec().intensity().escalation()).isEqualTo(Escalation.GROUP);
        assertThat(last.stopLimit()).isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void badOptionsAreNamed() {
        assertThatThrownBy(() -> GroupOptions.of(Map.of("escalation", "parent"), PID))
                .hasMessageContaining("'parent'");
        assertThatThrownBy(() -> GroupOptions.of(Map.of("escalation", "world"), PID))
                .hasMessageContaining("framework");
        assertThatThrownBy(() -> GroupOptions.of(Map.of("parent", "p", "child.significant", true), PID))
                .hasMessageContaining("child.significant")
                .hasMessageContaining("permanent");
        assertThatThrownBy(() -> GroupOptions.of(Map.of("stop.limit", "0s"), PID))
                .hasMessageContaining("stop.limit");
        assertThatThrownBy(() -> GroupOptions.of(Map.of("intensty", 3), PID))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining("intensty")
                .hasMessageContaining("intensity");
        assertThatThrownBy(() -> GroupOptions.of(Map.of("period", "0s"), PID)).hasMessageContaining("period");
        assertThatThrownBy(() -> GroupOptions.of(Map.of("intensity", -1), PID)).hasMessageContaining("intensity");
        assertThatThrownBy(() -> GroupOptions.of(Map.of("strategy", "one_for_none"), PID))
                .hasMessageContaining("rest_for_one");
        assertThatThrownBy(() -> GroupOptions.of(Map.of("children.max", 3), PID))
                .hasMessageContaining("children.max");
        assertThatThrownBy(() -> GroupOptions.of(Map.of("uncounted", "weather"), PID))
                .hasMessageContaining("protocol");
        assertThatThrownBy(() -> GroupOptions.of(Map.of("answer.limit", "0s"), PID))
                .hasMessageContaining("answer.limit");
        assertThatThrownBy(() -> GroupOptions.of(Map.of("budget", "all"), PID)).hasMessageContaining("client, group");
    }

    @Test
    void theReadmeHasTheDeclaredTable() throws IOException {
        String table =
                GroupOptions.declared().stream().map(GroupOptionsTest::row).collect(Collectors.joining("\n"));
        List<String> lines = Files.readAllLines(Path.of("README.md"));
        assertThat(String.join("\n", lines)).contains(table);
    }

    private static String row(Option o) {
        return "| `%s` | %s | %s | %s | %s |"
                .formatted(
                        o.name(),
                        o.choices().isEmpty()
                                ? o.type().name().toLowerCase(Locale.ROOT)
                                : String.join(", ", o.choices()),
                        o.defaultText().isEmpty() ? "" : "`" + o.defaultText() + "`",
                        o.effect().name().toLowerCase(Locale.ROOT),
                        o.description());
    }
}
