// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class BansTest {
    private static Bans.Active ban(String host, long until) {
        return new Bans.Active(new BanStore.Ban(Instant.EPOCH.plusNanos(until), "g", host, ""), until);
    }

    @Test
    void keepsTheLongestForEachHost() {
        Bans bans = new Bans();
        assertThat(bans.add(ban("a", 10), 0)).isTrue();
        assertThat(bans.add(ban("a", 9), 0)).isFalse();
        assertThat(bans.add(ban("a", 10), 0)).isFalse();
        assertThat(bans.add(ban("a", 11), 0)).isTrue();
        assertThat(bans.add(ban("b", 5), 0)).isTrue();
        assertThat(bans.inForce(4)).containsExactly(ban("a", 11), ban("b", 5));
        assertThat(bans.inForce(5)).containsExactly(ban("a", 11));
        assertThat(bans.add(ban("a", 12), 11)).as("the former has ended").isTrue();
        assertThat(bans.inForce(12)).isEmpty();
    }

    @Test
    void isBoundedAndGivesUpTheOneThatEndsFirst() {
        Bans bans = new Bans();
        for (int i = 300; i > 0; i--) {
            bans.add(ban("host" + i, 1000 + i), 0);
        }
        assertThat(bans.inForce(0))
                .hasSize(256)
                .extracting(a -> a.ban().host())
                .contains("host300", "host45")
                .doesNotContain("host44");
    }
}
