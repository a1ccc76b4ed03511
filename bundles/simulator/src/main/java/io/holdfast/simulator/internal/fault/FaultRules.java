// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.fault;

import io.holdfast.simulator.internal.net.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/** The faults in force. Loop thread only. */
public final class FaultRules {

    /** Kinds of lasting faults. */
    public enum Toggle {
        WITHHOLD_HEARTBEATS,
        WITHHOLD_TEST_REQUESTS,
        WITHHOLD_PONGS,
        WITHHOLD_ANSWERS,
        FAIL_REQUESTS,
        SILENCE,
        LOSE_ANSWERS,
        REORDER_ANSWERS,
        LEAVE_OUT,
        /** The rule's code is the skew in milliseconds. */
        CLOCK_SKEW,
        /** The rule's code is the number of updates. */
        OLD_SNAPSHOTS
    }

    /**
     * One lasting fault.
     *
     * @param subject channel or method it is about; empty for all
     */
    public record Rule(Scope scope, Toggle toggle, String subject, int code, String message) {}

    private static final int MAX = 1000;

    private final Routes routes;
    private final List<Rule> rules = new ArrayList<>();

    public FaultRules(Routes routes) {
        this.routes = routes;
    }

    void add(Rule rule) {
        if (rules.contains(rule)) {
            return;
        }
        if (rules.size() == MAX) {
            throw new IllegalStateException("more than " + MAX + " faults in force");
        }
        rules.add(rule);
    }

    void clear(Scope scope) {
        rules.removeIf(rule -> scope.equals(Scope.ALL) || rule.scope().equals(scope));
    }

    /** Forgets rules all of whose connections are gone; those still to come count as alive. */
    public void forget(IntPredicate alive) {
        rules.removeIf(rule -> rule.scope().connections() != null
                && rule.scope().connections().stream().noneMatch(alive::test));
    }

    public boolean on(Toggle toggle, Connection connection) {
        return find(toggle, connection, "").isPresent();
    }

    /** @param subject matches rules about it and rules about everything */
    public Optional<Rule> find(Toggle toggle, Connection connection, String subject) {
        for (Rule rule : rules) {
            if (rule.toggle() == toggle
                    && (rule.subject().isEmpty() || rule.subject().equals(subject))
                    && rule.scope().covers(connection, routes)) {
                return Optional.of(rule);
            }
        }
        return Optional.empty();
    }
}
