// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class AttemptBudgetTest {
    private static AttemptPolicy policy(int attempts, long windowNanos, int maxConnections) {
        return new AttemptPolicy(attempts, Duration.ofNanos(windowNanos), 0, maxConnections);
    }

    @Test
    void grantsAtOnceWhileTheWindowHasRoom() {
        AttemptBudget budget = new AttemptBudget(policy(2, 100, 0), 0);
        budget.request("a", false, 0);
        budget.request("b", false, 0);
        budget.request("c", false, 0);
        assertThat(budget.grants(0)).containsExactly("a", "b");
        assertThat(budget.nextChange(0)).isEqualTo(OptionalLong.of(100));
        assertThat(budget.grants(99)).isEmpty();
        assertThat(budget.grants(100)).containsExactly("c");
        assertThat(budget.nextChange(100)).isEmpty();
    }

    @Test
    void theWindowSlides() {
        AttemptBudget budget = new AttemptBudget(policy(2, 100, 0), 0);
        long[] at = {0, 60, 100, 160, 200};
        for (long now : at) {
            budget.request("a", false, now);
            assertThat(budget.grants(now)).as("at " + now).containsExactly("a");
            budget.request("a", false, now);
            OptionalLong next = budget.nextChange(now);
            budget.cancel("a");
            assertThat(next).isEqualTo(OptionalLong.of(now == 0 ? 0 : now == 60 || now == 160 ? now + 40 : now + 60));
        }
    }

    @Test
    void servesInTurnThoughOneClientAsksAllTheTime() {
        AttemptBudget budget = new AttemptBudget(policy(1, 10, 0), 0);
        List<String> clients = List.of("greedy", "b", "c");
        clients.forEach(c -> budget.request(c, false, 0));
        long now = 0;
        for (int i = 0; i < 9; i++, now += 10) {
            List<String> granted = budget.grants(now);
            assertThat(granted).containsExactly(clients.get(i % 3));
            budget.request(granted.get(0), false, now);
            budget.request("greedy", false, now);
        }
    }

    @Test
    void servesThoseThatWereStableFirst() {
        AttemptBudget budget = new AttemptBudget(policy(1, 1000, 0), 0);
        budget.request("first", false, 0);
        assertThat(budget.grants(0)).containsExactly("first");
        for (int i = 0; i < 19; i++) {
            budget.request("looping" + i, false, 1);
        }
        budget.request("healthy", true, 900);
        assertThat(budget.grants(1000)).containsExactly("healthy");
    }

    @Test
    void leavesTheReserveToThoseThatWereStable() {
        AttemptBudget budget = new AttemptBudget(new AttemptPolicy(5, Duration.ofNanos(100), 2, 0), 0);
        for (int i = 0; i < 5; i++) {
            budget.request("looping" + i, false, 0);
        }
        assertThat(budget.grants(0)).hasSize(3);
        assertThat(budget.nextChange(0)).isEqualTo(OptionalLong.of(100));
        for (int i = 0; i < 3; i++) {
            budget.request("healthy" + i, true, 50);
        }
        assertThat(budget.grants(50)).containsExactly("healthy0", "healthy1");
        assertThat(budget.grants(100)).containsExactly("healthy2");
        assertThat(budget.nextChange(100)).isEqualTo(OptionalLong.of(150));
        assertThat(budget.grants(150)).containsExactly("looping3", "looping4");
    }

    @Test
    void reservesAtMostHalf() {
        assertThat(new AttemptPolicy(1, Duration.ofSeconds(1), 5, 0).reserve()).isZero();
        assertThat(new AttemptPolicy(7, Duration.ofSeconds(1), 5, 0).reserve()).isEqualTo(3);
        assertThat(AttemptPolicy.DEFAULT.reserve()).isEqualTo(5);
    }

    @Test
    void thoseThatWereStableDoNotKeepOthersOutForEver() {
        AttemptBudget budget = new AttemptBudget(policy(1, 100, 0), 0);
        budget.request("new", false, 0);
        int served = 0;
        for (long now = 0; served == 0; now += 100) {
            assertThat(now).isLessThan(1000);
            budget.request("stable1", true, now);
            budget.request("stable2", true, now);
            served += budget.grants(now).contains("new") ? 1 : 0;
        }
    }

    @Test
    void aClientWaitsOnceAndCanAdvance() {
        AttemptBudget budget = new AttemptBudget(policy(1, 10, 0), 0);
        budget.request("a", false, 0);
        budget.request("b", false, 0);
        budget.request("a", false, 0);
        budget.request("b", true, 0);
        assertThat(budget.waiting()).isEqualTo(2);
        assertThat(budget.grants(0)).containsExactly("b");
        budget.request("c", false, 0);
        budget.request("a", false, 0);
        assertThat(budget.grants(10)).as("its place is kept").containsExactly("a");
        budget.cancel("c");
        assertThat(budget.waiting()).isZero();
        assertThat(budget.grants(20)).isEmpty();
    }

    @Test
    void countsOpenConnections() {
        AttemptBudget budget = new AttemptBudget(policy(100, 10, 2), 0);
        List.of("a", "b", "c").forEach(c -> budget.request(c, false, 0));
        assertThat(budget.grants(0)).containsExactly("a", "b");
        assertThat(budget.nextChange(0)).as("only an ended connection helps").isEmpty();
        budget.connectionEnded("nobody");
        budget.connectionEnded("c");
        assertThat(budget.open()).isEqualTo(2);
        budget.connectionEnded("a");
        budget.connectionEnded("a");
        assertThat(budget.open()).isEqualTo(1);
        assertThat(budget.grants(0)).containsExactly("c");
        budget.request("b", true, 0);
        budget.change(policy(100, 10, 0), 0);
        assertThat(budget.grants(0)).as("a second one during a rotation").containsExactly("b");
        assertThat(budget.open()).isEqualTo(3);
        budget.change(policy(100, 10, 2), 0);
        budget.request("d", false, 0);
        budget.connectionEnded("b");
        assertThat(budget.grants(0))
                .as("above the new limit nothing is granted")
                .isEmpty();
        budget.connectionEnded("b");
        assertThat(budget.grants(0)).containsExactly("d");
    }

    @Test
    void aBannedGroupGrantsNothingUntilTheEnd() {
        AttemptBudget budget = new AttemptBudget(new AttemptPolicy(10, Duration.ofNanos(100), 5, 0), 0);
        budget.ban(500);
        budget.ban(300);
        budget.request("a", true, 0);
        assertThat(budget.grants(0)).isEmpty();
        assertThat(budget.takeBurst(0)).isFalse();
        assertThat(budget.nextChange(0)).isEqualTo(OptionalLong.of(500));
        assertThat(budget.grants(499)).isEmpty();
        assertThat(budget.grants(500)).containsExactly("a");
        assertThat(budget.isBanned(500)).isFalse();
        assertThat(budget.burstTokens(500)).as("a ban costs none").isEqualTo(5);
    }

    @Test
    void aChangeAppliesToTheNextGrantAndForgetsNothing() {
        AttemptBudget budget = new AttemptBudget(policy(3, 10, 0), 0);
        for (long now : new long[] {0, 5, 40}) {
            budget.request("a", false, now);
            assertThat(budget.grants(now)).hasSize(1);
        }
        budget.change(policy(3, 100, 0), 50);
        budget.request("a", false, 50);
        assertThat(budget.grants(50)).as("three within the longer window").isEmpty();
        assertThat(budget.nextChange(50)).isEqualTo(OptionalLong.of(100));
        budget.change(policy(4, 100, 0), 50);
        assertThat(budget.grants(50)).containsExactly("a");
        assertThat(budget.grantedInWindow(50)).isEqualTo(4);
        assertThat(budget.grantedInWindow(101)).isEqualTo(3);
    }

    @Test
    void countsWhatAnotherBudgetGranted() {
        AttemptBudget a = new AttemptBudget(policy(4, 100, 0), 0);
        AttemptBudget b = new AttemptBudget(policy(3, 100, 0), 0);
        for (long now : new long[] {0, 20}) {
            a.request("x", false, now);
            assertThat(a.grants(now)).hasSize(1);
        }
        b.request("y", false, 10);
        assertThat(b.grants(10)).hasSize(1);
        b.inherit(a, 30);
        b.request("y", false, 30);
        assertThat(b.grants(30)).isEmpty();
        assertThat(b.nextChange(30)).isEqualTo(OptionalLong.of(100));
    }
}
