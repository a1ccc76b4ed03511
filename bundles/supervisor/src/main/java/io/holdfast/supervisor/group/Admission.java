// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.group;

import io.holdfast.api.supervision.Child;
import io.holdfast.api.supervision.ChildSpec;
import io.holdfast.api.supervision.Supervisor.Reply;
import io.holdfast.supervisor.core.CallResult;
import io.holdfast.supervisor.core.Intensity;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Children that could not be taken: says why, keeps them, and tries again when it may succeed. In the group's mailbox. */
final class Admission {
    /** Nobody tells when another supervisor lets a child go. */
    private static final long ASK_AGAIN_NANOS = Duration.ofSeconds(2).toNanos();

    private final Logger logger = LoggerFactory.getLogger(Group.class);
    private final Life.Surroundings around;
    private final Consumer<Runnable> post;
    private final Consumer<Child> take;
    private final Waiting waiting = new Waiting();
    private Runnable cancelAsking = () -> {};
    private boolean asking;

    Admission(Life.Surroundings around, Consumer<Runnable> post, Consumer<Child> take) {
        this.around = around;
        this.post = post;
        this.take = take;
    }

    /** Mostly the successor of one whose service has not gone yet. */
    void idInUse(Child child, String id) {
        waiting.forId(id, child);
        around.news().waits(id, "the id is in use; the second child waits for the first to leave");
    }

    void owned(Child child, String id, String currentOwner) {
        if (!waiting.waitsFor(Waiting.Cause.OWNER, child)) {
            around.news().refused(id, "it belongs to '" + currentOwner + "'");
        }
    }

    void notStarted(Child child, String id, CallResult.Failure failure) {
        if (waiting.waitsFor(Waiting.Cause.ROOM, child) || waiting.waitsFor(Waiting.Cause.OPTIONS, child)) {
            return;
        }
        String detail = failure.detail().isEmpty() ? "" : ": " + failure.detail();
        around.news()
                .refused(
                        id,
                        failure.error()
                                        .name()
                                        .toLowerCase(java.util.Locale.ROOT)
                                        .replace('_', ' ')
                                + detail);
    }

    /** What came of taking a child that stays where it is, as a service does. */
    void answered(Child child, String id, Reply reply) {
        switch (reply) {
            case OWNED -> {
                waiting.forCause(Waiting.Cause.OWNER, child);
                askAgainLater();
            }
            case MAX_CHILDREN -> waiting.forCause(Waiting.Cause.ROOM, child);
            case BAD_COMBINATION -> waiting.forCause(Waiting.Cause.OPTIONS, child);
            default -> waiting.remove(child);
        }
    }

    void left(Child child) {
        waiting.remove(child);
    }

    /** An id, and room for one child, may be free. */
    void free(String id) {
        waiting.pollId(id).ifPresent(take);
        waiting.poll(Waiting.Cause.ROOM).ifPresent(take);
    }

    /** The group has other rules. */
    void retryAll() {
        waiting.all(Waiting.Cause.OPTIONS).forEach(take);
        waiting.all(Waiting.Cause.ROOM).forEach(take);
    }

    void close() {
        cancelAsking.run();
    }

    private void askAgainLater() {
        if (!asking) {
            asking = true;
            cancelAsking = around.threads().schedule(ASK_AGAIN_NANOS, () -> post.accept(this::askAgain));
        }
    }

    private void askAgain() {
        asking = false;
        waiting.all(Waiting.Cause.OWNER)
                .forEach(child -> around.guard().run("a claim to a child", () -> take.accept(child)));
    }

    void warnOfShortBudget(ChildSpec child, Intensity intensity) {
        OutageBudget.warning(child, intensity)
                .ifPresent(warning -> logger.warn("Group {}: child '{}': {}", around.group(), child.id(), warning));
    }
}
