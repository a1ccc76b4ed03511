// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.simulator.Received;
import io.holdfast.simulator.Session;
import java.util.List;

/** That heartbeats do not come more often than stated. */
final class Rate {
    /** What delays on the way may push together. */
    private static final int SLACK = 2;

    private Rate() {}

    /** @param own whether the client sends by itself: then there is no burst either; replies come as often as they are asked for */
    static void check(Subject subject, Session session, boolean own) {
        long[] beats = session.received().stream()
                .filter(subject.peer()::isBeat)
                .mapToLong(Received::nanos)
                .toArray();
        long gap = subject.leastGap().toNanos();
        long opened = session.record().openedNanos();
        if (beats.length > 0) {
            long life = beats[beats.length - 1] - opened;
            assertThat((long) beats.length)
                    .as(
                            "heartbeats on connection %s in %s ms, at most one each %s",
                            session.number(), life / 1_000_000, subject.leastGap())
                    .isLessThanOrEqualTo(life / gap + SLACK);
        }
        for (int from = 0; own && from < beats.length; from++) {
            for (int to = from + 1; to < beats.length; to++) {
                assertThat((long) to - from)
                        .as(
                                "heartbeats within %s ms, at most one each %s",
                                (beats[to] - beats[from]) / 1_000_000, subject.leastGap())
                        .isLessThanOrEqualTo((beats[to] - beats[from]) / gap + SLACK);
            }
        }
    }

    static void check(Subject subject, List<Session> sessions, boolean own) {
        sessions.forEach(session -> check(subject, session, own));
    }
}
