// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.group;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.supervision.ChildSpec;
import io.holdfast.supervisor.core.Budget;
import io.holdfast.supervisor.core.Intensity;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class OutageBudgetTest {
    private static ChildSpec child(Duration quickestFailure) {
        return new ChildSpec("c", ChildSpec.Restart.TRANSIENT, ofSeconds(5), 0, quickestFailure);
    }

    private static Intensity intensity(int restarts) {
        return new Intensity(restarts, ofSeconds(60), Budget.CHILD, false);
    }

    @Test
    void theDefaultsOutlastEveryOutage() {
        assertThat(OutageBudget.warning(child(ofSeconds(10)), intensity(10))).isEmpty();
        assertThat(OutageBudget.warning(child(ofSeconds(10)), intensity(7))).isEmpty();
    }

    @Test
    void saysAfterHowLongTheChildWouldBeGivenUp() {
        // 6 restarts, one each 10 s, are all inside a closed period of 60 s; the seventh exit comes at 70 s.
        assertThat(OutageBudget.warning(child(ofSeconds(10)), intensity(6)))
                .hasValueSatisfying(w -> assertThat(w).contains("outage of 70s"));
        assertThat(OutageBudget.warning(child(ofSeconds(10)), intensity(0)))
                .hasValueSatisfying(w -> assertThat(w).contains("outage of 10s"));
    }

    @Test
    void aChildThatNeverGivesUpIsNotWarnedOf() {
        assertThat(OutageBudget.warning(child(Duration.ZERO), intensity(0))).isEmpty();
    }
}
