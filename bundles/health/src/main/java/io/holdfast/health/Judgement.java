// SPDX-License-Identifier: Apache-2.0
package io.holdfast.health;

import io.holdfast.api.client.ClientHealth;
import io.holdfast.api.client.ClientHealth.Status;
import io.holdfast.api.client.ClientState;
import io.holdfast.api.supervision.Supervisor.ChildStatus;
import io.holdfast.api.supervision.Supervisor.GroupStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a client's or a child's state means to somebody who waits for it. Pure.
 *
 * @param text for humans; may hold foreign text
 */
record Judgement(Status status, String text) {

    /** A child as its group sees it. */
    record Supervised(GroupStatus group, ChildStatus child) {
        static Optional<Supervised> find(GroupStatus group, String id) {
            return group.children().stream()
                    .filter(c -> c.id().equals(id))
                    .findFirst()
                    .map(c -> new Supervised(group, c));
        }

        String restarts() {
            return child.restarts() + " of " + group.intensity() + " restarts in "
                    + Duration.ofMillis(group.periodMillis()).toSeconds() + " s";
        }
    }

    /**
     * The client knows its connection, its group knows what follows an end: who is being restarted is away for a while, who was
     * stopped on purpose is no failure, who ended and stays so is one.
     */
    static Judgement client(ClientState state, ClientHealth health, Optional<Supervised> supervised) {
        if (supervised.isPresent()) {
            Supervised s = supervised.get();
            boolean ended = state == ClientState.EXITED || state == ClientState.CLOSED;
            switch (s.child().state()) {
                case GIVEN_UP -> {
                    return new Judgement(Status.CRITICAL, "given up, " + s.restarts() + because(s.child()));
                }
                case STOPPED -> {
                    if (!ended) {
                        return new Judgement(Status.WARN, "stopped; stays so until it is started");
                    }
                }
                case RESTARTING, RUNNING -> {
                    if (state == ClientState.EXITED) {
                        return new Judgement(
                                Status.TEMPORARILY_UNAVAILABLE,
                                "is being restarted, " + s.restarts() + because(s.child()));
                    }
                }
            }
        }
        return new Judgement(health.status(), words(state, health));
    }

    /** A child that is no client, or whose client is not known yet. */
    static Judgement child(Supervised s) {
        return switch (s.child().state()) {
            case RUNNING -> new Judgement(Status.OK, "running");
            case RESTARTING ->
                new Judgement(
                        Status.TEMPORARILY_UNAVAILABLE, "is being restarted, " + s.restarts() + because(s.child()));
            case STOPPED -> new Judgement(Status.WARN, "stopped; stays so until it is started" + because(s.child()));
            case GIVEN_UP -> new Judgement(Status.CRITICAL, "given up, " + s.restarts() + because(s.child()));
        };
    }

    private static String words(ClientState state, ClientHealth health) {
        List<String> findings = health.findings();
        String words = findings.isEmpty() ? state.name() : state + ": " + String.join("; ", findings);
        boolean whyMatters = health.status().compareTo(Status.WARN) > 0;
        return words
                + (whyMatters ? health.lastCause().map(c -> "; last cause " + c).orElse("") : "");
    }

    private static String because(ChildStatus child) {
        return child.cause().isEmpty() ? "" : "; last cause " + child.cause();
    }
}
