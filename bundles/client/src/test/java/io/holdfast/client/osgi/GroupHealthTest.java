// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.osgi.GroupHealth.Member;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupHealthTest {
    private static final Member UP = new Member(true, true);
    private static final Member DOWN = new Member(false, true);
    private static final Member STOPPED = new Member(false, false);
    private static final Member STOPPED_BUT_LINGERING = new Member(true, false);

    private static boolean healthy(List<Member> members) {
        GroupHealth health = new GroupHealth();
        for (int i = 0; i < members.size(); i++) {
            // What it was before does not matter.
            health.put(i, i % 2 == 0 ? UP : DOWN);
            health.put(i, members.get(i));
        }
        return health.healthy();
    }

    @Test
    void isHealthyWhenWhatOughtToBeUpIs() {
        assertThat(healthy(List.of(UP, UP))).isTrue();
        assertThat(healthy(List.of(UP, STOPPED))).isTrue();
        assertThat(healthy(List.of(UP, STOPPED_BUT_LINGERING))).isTrue();
    }

    @Test
    void oneThatIsDownMakesItUnhealthy() {
        assertThat(healthy(List.of(UP, DOWN))).isFalse();
    }

    @Test
    void nothingUpIsNotHealthy() {
        assertThat(healthy(List.of())).isFalse();
        assertThat(healthy(List.of(STOPPED, STOPPED))).isFalse();
    }

    @Test
    void whoHasLeftDoesNotMatter() {
        GroupHealth health = new GroupHealth();
        health.put("a", UP);
        health.put("b", DOWN);
        assertThat(health.healthy()).isFalse();
        health.remove("b");
        health.remove("c");
        assertThat(health.healthy()).isTrue();
        health.remove("a");
        assertThat(health.healthy()).isFalse();
        assertThat(health.isEmpty()).isTrue();
    }
}
