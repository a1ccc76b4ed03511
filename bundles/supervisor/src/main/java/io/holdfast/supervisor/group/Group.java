// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.group;

import io.holdfast.api.supervision.Child;
import io.holdfast.api.supervision.ExitReason;
import io.holdfast.api.supervision.Owner;
import io.holdfast.api.supervision.Supervisor;
import io.holdfast.supervisor.core.CallResult;
import io.holdfast.supervisor.core.Incarnations;
import io.holdfast.supervisor.core.SupervisorExit;
import io.holdfast.supervisor.core.SupervisorMessage;
import io.holdfast.supervisor.group.GroupWorld.Whose;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * One group: knows which children there are, lives one {@link Life} after another, and answers for both. A group without a
 * parent lives from the beginning; one with a parent is started by it, see {@link #begin}. All decisions run in the group's
 * mailbox; nothing here waits.
 */
public final class Group implements Supervisor {
    private final GroupThreads threads;
    private final String name;
    private final GroupWorld world;
    private final Guard guard;
    private final Board board;
    private final Life.Surroundings around;
    private final AsChild asChild;

    /** Confined to the mailbox, like all fields below but the volatile ones: the children that are services, in order. */
    private final Map<Child, Long> present = new IdentityHashMap<>();

    private long arrivals;
    private Optional<Life> life = Optional.empty();
    private Optional<Consumer<Optional<String>>> starting = Optional.empty();
    private boolean ordered;
    private boolean closed;
    private final List<CompletableFuture<Void>> awaitingEnd = new ArrayList<>();

    /** Written in the mailbox. */
    private volatile GroupOptions options;

    /** Of the present life; for those who let a child go at once. */
    private volatile Optional<Owner> owner = Optional.empty();

    public Group(GroupOptions options, GroupThreads threads) {
        this(options, threads, GroupWorld.NONE);
    }

    public Group(GroupOptions options, GroupThreads threads, GroupWorld world) {
        this.threads = threads;
        this.name = options.group();
        this.options = options;
        this.world = world;
        this.guard = new Guard(name);
        this.board = new Board(options);
        GroupNews news = new GroupNews(name, world::happened);
        this.around = new Life.Surroundings(name, threads, guard, news, new Incarnations());
        this.asChild = new AsChild(name, threads, this::post, () -> this.options.parenthood(), new Lives());
        options.parenthood().ifPresent(p -> board.down("waits for its parent '" + p.parent() + "'"));
        begin();
    }

    /** A group with a parent waits for it from here on, and starts itself when it does not come in time. */
    private void begin() {
        guard.run("the memory of restarts", () -> asChild.recall(world.recall(Whose.GROUP)));
        post(asChild::awaitOwner);
    }

    /** The group as a child of its parent group. */
    public Child asChild() {
        return asChild;
    }

    // --- children come and go

    /**
     * Takes a child; one that somebody else owns, whose id is in use, or that the group may not have, is taken when that has
     * changed. Returns at once.
     */
    public void add(Child child) {
        post(() -> {
            present.put(child, ++arrivals);
            life.ifPresent(l -> l.take(child));
        });
    }

    /** Lets a child go as it is. Returns at once; no signal of it is heard from here on. */
    public void remove(Child child) {
        owner.ifPresent(o -> guard.run("the detachment of a child", () -> child.detach(o)));
        post(() -> {
            present.remove(child);
            life.ifPresent(l -> l.left(child));
        });
    }

    /** Other options from the next decision on; touches no child. */
    public void reconfigure(GroupOptions changed) {
        post(() -> {
            options = changed;
            board.configured(changed);
            life.ifPresent(l -> l.reconfigure(changed));
            asChild.awaitOwner();
            asChild.revive();
        });
    }

    /** Begins anew if it has ended and there is no parent to decide on that. Returns at once. */
    public void revive() {
        post(asChild::revive);
    }

    /** Ends supervision; the children go on as they are and may be adopted by another. */
    public CompletionStage<Void> close() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        threads.mailbox().execute(() -> {
            if (!closed) {
                closed = true;
                guard.run("the memory of restarts", () -> world.keep(Whose.GROUP, asChild.restartTimes()));
                life.ifPresent(this::release);
                asChild.close();
                awaitingEnd.forEach(end -> end.complete(null));
            }
            done.complete(null);
        });
        return done;
    }

    private void release(Life last) {
        guard.run(
                "the memory of restarts",
                () -> world.keep(Whose.CHILDREN, last.core().restartTimes()));
        last.release();
        leave("its supervisor has gone");
    }

    /**
     * For the stop of the whole container: stops the children by rule, and by force those left when the limit of the options has
     * passed. A group that is owned is left to its parent, which stops it by the same rule.
     *
     * @return completes when the group has ended; at once if it is not alive or owned
     */
    public CompletionStage<Void> stop() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        threads.mailbox().execute(() -> {
            if (closed || life.isEmpty() || asChild.owned()) {
                done.complete(null);
                return;
            }
            awaitingEnd.add(done);
            Runnable cancel = threads.schedule(options.stopLimit().toNanos(), () -> post(() -> end(true)));
            done.thenRun(cancel);
            end(false);
        });
        return done;
    }

    // --- lives

    private final class Lives implements AsChild.Lives {
        @Override
        public boolean alive() {
            return life.isPresent();
        }

        @Override
        public void begin(boolean first, Consumer<Optional<String>> done) {
            ordered = false;
            Life next = new Life(around, options, exit -> ended(exit));
            life = Optional.of(next);
            owner = Optional.of(next.owner());
            board.alive(next.core());
            if (first) {
                next.recall(world.recall(Whose.CHILDREN));
                around.news().started();
                inOrder().forEach(child -> guard.run("the taking of a child", () -> next.take(child)));
                done.accept(Optional.empty());
            } else {
                starting = Optional.of(done);
                next.startAnew(inOrder(), Group.this::started);
            }
        }

        @Override
        public void end(boolean byForce) {
            Group.this.end(byForce);
        }
    }

    private List<Child> inOrder() {
        List<Child> children = new ArrayList<>(present.keySet());
        children.sort(Comparator.comparing(present::get));
        return children;
    }

    private void started() {
        around.news().started();
        starting.ifPresent(done -> done.accept(Optional.empty()));
        starting = Optional.empty();
    }

    private void end(boolean byForce) {
        ordered = true;
        life.ifPresent(l -> l.shutdown(
                byForce
                        ? io.holdfast.supervisor.core.ExitReason.KILLED
                        : io.holdfast.supervisor.core.ExitReason.SHUTDOWN));
    }

    private void ended(SupervisorExit exit) {
        if (closed) {
            return;
        }
        String cause = Endings.cause(exit);
        leave(cause);
        around.news().ended(cause, ordered);
        Optional<Consumer<Optional<String>>> attempt = starting;
        starting = Optional.empty();
        if (ordered || attempt.isPresent()) {
            asChild.stopped();
            attempt.ifPresent(done -> done.accept(Optional.of(cause)));
        } else {
            ExitReason reason = Endings.reason(exit, options.escalation());
            asChild.ended(reason);
            if (exit instanceof SupervisorExit.Exceeded && options.escalation() == EscalateTo.FRAMEWORK) {
                around.news().escalated(cause);
                world.stopFramework(name, cause);
            }
        }
        awaitingEnd.forEach(end -> end.complete(null));
        awaitingEnd.clear();
    }

    private void leave(String cause) {
        life = Optional.empty();
        owner = Optional.empty();
        board.down(cause);
    }

    private void post(Runnable task) {
        threads.mailbox().execute(() -> {
            if (!closed) {
                guard.run("a step", task);
            }
        });
    }

    // --- Supervisor

    @Override
    public String group() {
        return name;
    }

    @Override
    public CompletionStage<Reply> startChild(Child child) {
        return ask((l, reply) -> l.startChild(child, reply), Reply.NOPROC, Reply.START_FAILED);
    }

    @Override
    public CompletionStage<Reply> terminateChild(String id) {
        return order(token -> new SupervisorMessage.TerminateChild(token, id));
    }

    @Override
    public CompletionStage<Reply> restartChild(String id) {
        return order(token -> new SupervisorMessage.RestartChild(token, id));
    }

    @Override
    public CompletionStage<Reply> deleteChild(String id) {
        return order(token -> new SupervisorMessage.DeleteChild(token, id));
    }

    @Override
    public CompletionStage<Reply> reset(String id) {
        return order(token -> new SupervisorMessage.ResetChild(token, id));
    }

    @Override
    public CompletionStage<List<ChildStatus>> whichChildren() {
        return ask(
                (l, answer) -> l.call(
                        SupervisorMessage.WhichChildren::new,
                        r -> answer.accept(
                                r instanceof CallResult.Children c ? l.core().inStartOrder(c) : List.of())),
                List.of(),
                List.of());
    }

    @Override
    public CompletionStage<Counts> countChildren() {
        Counts none = new Counts(0, 0);
        return ask(
                (l, answer) -> l.call(
                        SupervisorMessage.CountChildren::new,
                        r -> answer.accept(
                                r instanceof CallResult.Counts c ? new Counts(c.specs(), c.active()) : none)),
                none,
                none);
    }

    @Override
    public GroupStatus status() {
        return board.status(threads.nanoTime());
    }

    private CompletionStage<Reply> order(LongFunction<SupervisorMessage> message) {
        return ask((l, reply) -> l.call(message, r -> reply.accept(Views.reply(r))), Reply.NOPROC, Reply.START_FAILED);
    }

    /** Every question is answered: with {@code gone} when the group does not live, with {@code failed} when a child broke it off. */
    private <T> CompletionStage<T> ask(BiConsumer<Life, Consumer<T>> question, T gone, T failed) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Consumer<T> reply = value -> threads.publishing().execute(() -> answer.complete(value));
        threads.mailbox().execute(() -> {
            if (closed || life.isEmpty()) {
                reply.accept(gone);
            } else if (!guard.run("a call", () -> question.accept(life.get(), reply))) {
                reply.accept(failed);
            }
        });
        return answer.minimalCompletionStage();
    }
}
