// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChildrenTest {
    private final Children children = new Children();

    private long counted() {
        return children.values().stream()
                .filter(child -> child.spec.significant())
                .filter(child -> child.status() != ChildStatus.STOPPED && child.status() != ChildStatus.GIVEN_UP)
                .count();
    }

    @Test
    void significant_children_are_counted_whatever_becomes_of_them() {
        Random random = new Random(42);
        List<ChildState> known = new ArrayList<>();
        for (int step = 0; step < 20_000; step++) {
            String id = "child" + random.nextInt(20);
            switch (random.nextInt(10)) {
                case 0 ->
                    known.add(children.add(new ChildSpec(
                            id,
                            RestartType.TRANSIENT,
                            random.nextBoolean(),
                            ShutdownLimit.BRUTAL_KILL,
                            ChildSpec.Type.WORKER,
                            random.nextInt(3))));
                case 1 -> children.remove(id);
                default -> {
                    if (!known.isEmpty()) {
                        // Those that have left, too: a late answer may still be about one of them.
                        known.get(random.nextInt(known.size()))
                                .status(ChildStatus.values()[random.nextInt(ChildStatus.values().length)]);
                    }
                }
            }
            if (random.nextInt(1_000) == 0) {
                children.clear();
            }
            assertThat(children.significant()).isEqualTo((int) counted());
        }
    }
}
