// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.endpoint;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.sim.VirtualEnvironment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bans over restarts of the process: each {@code Process} has clocks and groups of its own and shares only the directory. */
class EndpointGroupsBanTest {
    private static final EndpointGroupOptions BINANCE =
            EndpointGroupOptions.of(Map.of("host.patterns", "*.binance.com"));

    @TempDir
    Path directory;

    private final class Process {
        final VirtualEnvironment env = new VirtualEnvironment(2);
        final EndpointGroups groups;
        final List<String> granted = new ArrayList<>();

        Process(Duration sinceFirst) {
            env.jumpWallClock(sinceFirst);
            groups = new EndpointGroups(env, BanStore.inDirectory(directory));
        }

        void ask(String host) {
            groups.request(host, "client", true, () -> granted.add(host));
        }

        void end() {
            env.runUntilIdle();
            groups.close();
        }
    }

    @Test
    void aBanSurvivesARestartOfTheProcess() {
        Process first = new Process(Duration.ZERO);
        first.groups.configure("binance", BINANCE);
        first.groups.ban("stream.binance.com", ofHours(1), "HTTP 418");
        first.end();

        Process second = new Process(ofMinutes(20));
        second.groups.configure("binance", BINANCE);
        second.ask("data.binance.com");
        assertThat(second.groups.banned("data.binance.com"))
                .contains(new BanInfo(
                        "binance", VirtualEnvironment.WALL_ORIGIN.plus(ofHours(1)), ofMinutes(40), "HTTP 418"));
        second.env.runFor(ofMinutes(40).minusNanos(1));
        assertThat(second.granted).isEmpty();
        second.env.runFor(Duration.ofNanos(1));
        assertThat(second.granted).hasSize(1);
        second.end();

        Process third = new Process(ofHours(1));
        third.groups.configure("binance", BINANCE);
        third.ask("data.binance.com");
        assertThat(third.granted).hasSize(1);
    }

    @Test
    void theHostStaysBannedBeforeTheConfigurationOfItsGroupArrives() {
        Process first = new Process(Duration.ZERO);
        first.groups.configure("binance", BINANCE);
        first.groups.ban("stream.binance.com", ofHours(1), "HTTP 418");
        first.end();

        Process second = new Process(Duration.ZERO);
        second.ask("stream.binance.com");
        assertThat(second.granted).isEmpty();
        second.groups.configure("binance", BINANCE);
        second.ask("data.binance.com");
        second.env.runFor(ofMinutes(59));
        assertThat(second.granted).isEmpty();
        second.env.runFor(ofMinutes(1));
        assertThat(second.granted).isNotEmpty();
    }

    @Test
    void aBanOfAHostIsOneOfTheGroupItComesTo() {
        Process first = new Process(Duration.ZERO);
        first.groups.ban("stream.binance.com", ofHours(1), "HTTP 418");
        first.groups.configure("binance", BINANCE);
        assertThat(first.groups.banned("data.binance.com")).isPresent();
        first.groups.remove("binance");
        assertThat(first.groups.banned("stream.binance.com")).isPresent();
        first.end();

        Process second = new Process(Duration.ZERO);
        second.groups.configure("binance", BINANCE);
        second.ask("data.binance.com");
        assertThat(second.granted).isEmpty();
    }

    @Test
    void aBanSurvivesTheRemovalAndReturnOfItsConfiguration() {
        Process process = new Process(Duration.ZERO);
        process.groups.configure("binance", BINANCE);
        process.groups.ban("stream.binance.com", ofHours(1), "HTTP 418");
        process.groups.remove("binance");
        process.env.runFor(ofMinutes(30));
        process.groups.configure("binance", BINANCE);
        assertThat(process.groups.banned("data.binance.com"))
                .hasValueSatisfying(b -> assertThat(b.remaining()).isEqualTo(ofMinutes(30)));
    }

    @Test
    void theNewestListIsStored() {
        Process first = new Process(Duration.ZERO);
        first.groups.ban("a.example", ofMinutes(10), "HTTP 429");
        first.groups.ban("b.example", ofMinutes(10), "HTTP 429");
        first.env.runFor(ofMinutes(5));
        first.groups.ban("a.example", ofMinutes(1), "shorter than the one in force");
        first.groups.ban("a.example", ofMinutes(20), "HTTP 418");
        first.end();
        assertThat(BanStore.inDirectory(directory).read(VirtualEnvironment.WALL_ORIGIN))
                .containsExactlyInAnyOrder(
                        new BanStore.Ban(
                                VirtualEnvironment.WALL_ORIGIN.plus(ofMinutes(25)),
                                "a.example",
                                "a.example",
                                "HTTP 418"),
                        new BanStore.Ban(
                                VirtualEnvironment.WALL_ORIGIN.plus(ofMinutes(10)),
                                "b.example",
                                "b.example",
                                "HTTP 429"));
    }

    @Test
    void withoutAFileABanLivesAsLongAsTheProcess() {
        VirtualEnvironment env = new VirtualEnvironment(3);
        EndpointGroups groups = new EndpointGroups(env, BanStore.inMemory());
        groups.ban("a.example", ofHours(1), "HTTP 429");
        env.runFor(ofMinutes(59));
        assertThat(groups.banned("a.example")).isPresent();
        assertThat(new EndpointGroups(env, BanStore.inMemory()).banned("a.example"))
                .isEmpty();
    }
}
