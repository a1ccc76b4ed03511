// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.endpoint;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.holdfast.client.endpoint.EndpointGroups.Permit;
import io.holdfast.client.sim.VirtualEnvironment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EndpointGroupsTest {
    private static final String HOST = "www.example.org";

    private final VirtualEnvironment env = new VirtualEnvironment(1);
    private final EndpointGroups groups = new EndpointGroups(env, BanStore.inMemory());
    private final List<String> granted = new ArrayList<>();

    private Permit ask(String host, String client) {
        return ask(host, client, false);
    }

    private Permit ask(String host, String client, boolean wasStable) {
        return groups.request(
                host,
                client,
                wasStable,
                () -> granted.add(client + "@" + env.elapsed().toMillis()));
    }

    private static EndpointGroupOptions options(String pattern, int attempts, String window, int connections) {
        return EndpointGroupOptions.of(Map.of(
                "host.patterns",
                pattern,
                "attempts",
                attempts,
                "window",
                window,
                "burst",
                0,
                "connections.max",
                connections));
    }

    private GroupStatus status(String id) {
        return groups.status().stream()
                .filter(s -> s.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void grantsAtOnceAndThenWhenTheWindowAllows() {
        groups.configure("g", options("*.example.org", 2, "10s", 0));
        ask(HOST, "a");
        env.runFor(ofSeconds(4));
        ask("other.example.org", "b");
        ask(HOST, "c");
        ask("WWW.EXAMPLE.ORG.", "d");
        ask("unrelated.example.com", "e");
        assertThat(granted).containsExactly("a@0", "b@4000", "e@4000");
        env.runFor(ofMinutes(1));
        assertThat(granted).containsExactly("a@0", "b@4000", "e@4000", "c@10000", "d@14000");
        assertThat(env.pendingTimers()).isZero();
    }

    @Test
    void aHostWithoutConfigurationIsAGroupOfItsOwn() {
        for (int i = 0; i < 31; i++) {
            ask("one.example", "a" + i, true);
            ask("two.example", "b" + i, true);
        }
        assertThat(granted).hasSize(60);
        assertThat(groups.status())
                .extracting(
                        GroupStatus::id, GroupStatus::configured, GroupStatus::waiting, GroupStatus::grantedInWindow)
                .containsExactly(tuple("one.example", false, 1, 30), tuple("two.example", false, 1, 30));
    }

    @Test
    void aCancelledRequestIsNotGrantedAndLeavesNoTimer() {
        groups.configure("g", options("*", 1, "10s", 0));
        ask(HOST, "a");
        Permit b = ask(HOST, "b");
        assertThat(env.pendingTimers()).isEqualTo(1);
        b.cancel();
        b.cancel();
        assertThat(env.pendingTimers()).isZero();
        env.runFor(ofMinutes(1));
        assertThat(granted).containsExactly("a@0");
    }

    @Test
    void aSecondRequestOfAClientTakesThePlaceOfItsFirst() {
        groups.configure("g", options("*", 1, "10s", 0));
        ask(HOST, "a");
        Permit first = groups.request(HOST, "b", false, () -> granted.add("never"));
        ask(HOST, "c");
        ask(HOST, "b");
        first.cancel();
        env.runFor(ofMinutes(1));
        assertThat(granted).containsExactly("a@0", "b@10000", "c@20000");
    }

    @Test
    void everyGrantedAttemptIsGivenBackOnce() {
        groups.configure("g", options("*", 100, "10s", 1));
        Permit a = ask(HOST, "a");
        ask(HOST, "b");
        ask(HOST, "c");
        a.cancel();
        a.cancel();
        groups.attemptEnded(HOST, "a");
        assertThat(granted).containsExactly("a@0", "b@0");
        assertThat(status("g").open()).isEqualTo(1);
        groups.attemptEnded("the.host.was.changed.example", "b");
        assertThat(granted).containsExactly("a@0", "b@0", "c@0");
        groups.attemptEnded(HOST, "nobody");
        assertThat(status("g").open()).isEqualTo(1);
    }

    @Test
    void aBanHoldsForTheWholeGroupAndNoOther() {
        groups.configure("g", EndpointGroupOptions.of(Map.of("host.patterns", "*.example.org")));
        groups.ban(HOST, ofSeconds(2), "HTTP 429");
        groups.ban(HOST, ofMillis(10), "shorter");
        groups.ban(HOST, ofMillis(-1), "none");
        ask(HOST, "a", true);
        ask("api.example.org", "b");
        ask("elsewhere.example", "c");
        assertThat(groups.takeBurst("api.example.org")).isFalse();
        assertThat(groups.banned("api.example.org"))
                .contains(new BanInfo("g", VirtualEnvironment.WALL_ORIGIN.plusSeconds(2), ofSeconds(2), "HTTP 429"));
        assertThat(groups.banned("elsewhere.example")).isEmpty();
        assertThat(status("g").ban()).isPresent();
        env.runFor(ofSeconds(10));
        assertThat(granted).containsExactly("c@0", "a@2000", "b@2000");
        assertThat(groups.banned(HOST)).isEmpty();
        assertThat(groups.takeBurst(HOST)).isTrue();
    }

    @Test
    void aBanDuringTheWaitPutsItOff() {
        groups.configure("g", options("*", 1, "10s", 0));
        ask(HOST, "a");
        ask(HOST, "b");
        env.runFor(ofSeconds(9));
        groups.ban(HOST, ofSeconds(5), "HTTP 429");
        assertThat(env.pendingTimers()).isEqualTo(1);
        env.runFor(ofMinutes(1));
        assertThat(granted).containsExactly("a@0", "b@14000");
    }

    @Test
    void noBanIsLongerThanThreeDaysAndNoCorrectionOfTheWallClockMovesIt() {
        groups.ban(HOST, Duration.ofSeconds(Long.MAX_VALUE), "HTTP 418");
        ask(HOST, "a");
        env.jumpWallClock(ofHours(500));
        env.runFor(ofHours(72).minusMillis(1));
        assertThat(granted).isEmpty();
        env.runFor(ofMillis(1));
        assertThat(granted).hasSize(1);
    }

    @Test
    void burstTokensComeBackEvenly() {
        for (int i = 0; i < 5; i++) {
            assertThat(groups.takeBurst(HOST)).isTrue();
        }
        assertThat(groups.takeBurst(HOST)).isFalse();
        assertThat(groups.takeBurst("other.example")).isTrue();
        env.runFor(ofSeconds(12));
        assertThat(groups.takeBurst(HOST)).isTrue();
        assertThat(groups.takeBurst(HOST)).isFalse();
    }

    @Test
    void aChangedGroupIsUsedAtOnce() {
        groups.configure("g", options("*", 1, "1h", 0));
        ask(HOST, "a");
        ask(HOST, "b");
        env.runFor(ofSeconds(5));
        groups.configure("g", options("*", 2, "1h", 0));
        ask(HOST, "c");
        groups.configure("g", options("*", 2, "20s", 0));
        env.runFor(ofSeconds(60));
        assertThat(granted).containsExactly("a@0", "b@5000", "c@20000");
    }

    @Test
    void hostsMoveWithAllTheyHave() {
        Permit a = ask("a.example.org", "a");
        ask("b.example.org", "b");
        groups.configure("g", options("*.example.org", 3, "10s", 3));
        assertThat(status("g"))
                .extracting(GroupStatus::open, GroupStatus::grantedInWindow)
                .containsExactly(2, 2);
        ask("a.example.org", "c");
        ask("b.example.org", "d");
        ask("b.example.org", "e");
        assertThat(granted).containsExactly("a@0", "b@0", "c@0");
        a.cancel();
        env.runFor(ofSeconds(9));
        groups.attemptEnded("b.example.org", "b");
        assertThat(granted).hasSize(3);
        groups.remove("g");
        assertThat(granted).as("two groups with room").containsExactly("a@0", "b@0", "c@0", "d@9000", "e@9000");
        assertThat(status("b.example.org").open()).isEqualTo(2);
        assertThat(status("a.example.org").open()).isEqualTo(1);
        assertThat(env.pendingTimers()).isZero();
        groups.configure("h", options("*", 1, "1h", 0));
        ask("b.example.org", "f");
        assertThat(status("h"))
                .extracting(GroupStatus::waiting, GroupStatus::open)
                .containsExactly(1, 3);
        groups.remove("h");
        groups.remove("h");
        assertThat(granted).endsWith("f@9000");
        assertThat(env.pendingTimers()).isZero();
    }

    @Test
    void theMostSpecificGroupDecidesInWhateverOrderTheyCame() {
        groups.configure("all", options("*", 1, "10s", 0));
        groups.configure("zone", options("*.example.org", 1, "10s", 0));
        groups.configure("one", options(HOST, 1, "10s", 0));
        ask(HOST, "a");
        ask("x.example.org", "b");
        ask("x.example", "c");
        assertThat(granted).hasSize(3);
        groups.remove("one");
        ask(HOST, "d");
        assertThat(status("zone").waiting()).isEqualTo(1);
        assertThat(groups.status()).extracting(GroupStatus::id).containsExactly("all", "zone");
    }

    @Test
    void hostsThatAreNotUsedAreForgotten() {
        for (int i = 0; i < 500; i++) {
            ask("host" + i + ".example", "a").cancel();
            env.runFor(ofSeconds(30));
            assertThat(groups.status()).hasSizeLessThan(125);
        }
        for (int i = 0; i < 2500; i++) {
            ask("quick" + i + ".example", "a").cancel();
            env.runFor(ofMillis(200));
            if (i % 100 == 0) {
                assertThat(groups.status()).hasSizeLessThan(1500);
            }
        }
        Permit used = ask(HOST, "b");
        env.runFor(Duration.ofDays(2));
        assertThat(groups.status()).extracting(GroupStatus::id).containsExactly(HOST);
        used.cancel();
        env.runFor(ofHours(1));
        assertThat(groups.status()).isEmpty();
    }

    @Test
    void whatAHostDidCountsInALongerWindowThatComesLater() {
        for (int i = 0; i < 4; i++) {
            ask(HOST, "a").cancel();
        }
        env.runFor(ofMinutes(10));
        assertThat(groups.status()).extracting(GroupStatus::grantedInWindow).containsExactly(0);
        groups.configure("g", options("*", 5, "15m", 0));
        ask(HOST, "b");
        ask(HOST, "c");
        env.runFor(ofMinutes(10));
        assertThat(granted).endsWith("a@0", "b@600000", "c@900000");
    }

    @Test
    void aClientThatCannotBeToldHurtsNobody() {
        groups.configure("g", options("*", 100, "10s", 1));
        groups.request(HOST, "a", false, () -> {
            throw new IllegalStateException("broken on purpose");
        });
        ask(HOST, "b");
        assertThat(granted).containsExactly("b@0");
        assertThat(status("g").open()).isEqualTo(1);
    }

    @Test
    void afterCloseNothingIsGrantedAndNoTimerIsLeft() {
        groups.configure("g", options("*", 1, "10s", 0));
        Permit a = ask(HOST, "a");
        ask(HOST, "b");
        groups.close();
        assertThat(env.pendingTimers()).isZero();
        a.cancel();
        groups.attemptEnded(HOST, "a");
        groups.ban(HOST, ofHours(1), "late");
        groups.configure("h", options("*", 1, "10s", 0));
        groups.remove("g");
        ask(HOST, "c").cancel();
        env.runFor(ofMinutes(1));
        assertThat(granted).containsExactly("a@0");
        assertThat(groups.status()).isEmpty();
        assertThat(groups.takeBurst(HOST)).isFalse();
        assertThat(groups.banned(HOST)).isEmpty();
        assertThat(env.elapsed()).isGreaterThan(ZERO);
    }
}
