// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.group;

import io.holdfast.api.supervision.Child;
import io.holdfast.api.supervision.ChildSnapshot;
import io.holdfast.api.supervision.ExitReason;
import io.holdfast.api.supervision.Owner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

/**
 * Lets the children of a group go that has ended. They stay as they are: whoever wants them started again asks them. One that exited
 * and was waiting for its restart is told that there will be none, lest it start itself.
 */
final class Farewell {
    /** A child that has exited says at once that it stays stopped. */
    private static final long LIMIT_NANOS = Duration.ofSeconds(5).toNanos();

    private final GroupThreads threads;
    private final Guard guard;
    private final Owner owner;

    Farewell(GroupThreads threads, Guard guard, Owner owner) {
        this.threads = threads;
        this.guard = guard;
        this.owner = owner;
    }

    /** @param then runs in the mailbox when all are gone: a next life must find them free */
    void to(List<Child> children, Runnable then) {
        List<CompletableFuture<Void>> leaving = new ArrayList<>();
        children.forEach(child -> leaving.add(letGo(child)));
        CompletableFuture<Void> all = CompletableFuture.allOf(leaving.toArray(CompletableFuture[]::new));
        Runnable cancel = threads.schedule(LIMIT_NANOS, () -> all.completeExceptionally(new TimeoutException()));
        all.whenComplete((done, fault) -> {
            cancel.run();
            threads.mailbox().execute(() -> guard.run("the end of a life", then));
        });
    }

    void detach(Child child) {
        guard.run("the detachment of a child", () -> child.detach(owner));
    }

    private CompletableFuture<Void> letGo(Child child) {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        ExitReason reason = new ExitReason(ExitReason.Kind.SHUTDOWN, "its group has ended");
        boolean told = guard.run("the end of a child's supervision", () -> {
            if (child.snapshot().state() == ChildSnapshot.State.EXITED) {
                child.stop(owner, reason, Duration.ZERO).whenComplete((done, fault) -> leave(child, gone));
            } else {
                leave(child, gone);
            }
        });
        if (!told) {
            leave(child, gone);
        }
        return gone;
    }

    private void leave(Child child, CompletableFuture<Void> gone) {
        detach(child);
        gone.complete(null);
    }
}
