// SPDX-License-Identifier: Apache-2.0
package io.holdfast.shell;

import io.holdfast.api.supervision.Child;
import io.holdfast.api.supervision.Supervisor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A group with fixed children that gives one answer to everything, and a record of what was ordered. */
final class FixedSupervisor implements Supervisor {
    private final String group;
    private final CompletionStage<Reply> answer;
    private final List<ChildStatus> children;
    final List<String> ordered = new ArrayList<>();

    FixedSupervisor(String group, CompletionStage<Reply> answer, ChildStatus... children) {
        this.group = group;
        this.answer = answer;
        this.children = List.of(children);
    }

    static FixedSupervisor answering(Reply reply, String group, ChildStatus... children) {
        return new FixedSupervisor(group, CompletableFuture.completedFuture(reply), children);
    }

    static ChildStatus child(String id, ChildStatus.State state) {
        return new ChildStatus(id, state, 3, 2, "");
    }

    private CompletionStage<Reply> order(String what, String id) {
        ordered.add(what + " " + id);
        return answer;
    }

    @Override
    public String group() {
        return group;
    }

    @Override
    public CompletionStage<Reply> startChild(Child child) {
        return order("startChild", child.spec().id());
    }

    @Override
    public CompletionStage<Reply> terminateChild(String id) {
        return order("terminateChild", id);
    }

    @Override
    public CompletionStage<Reply> restartChild(String id) {
        return order("restartChild", id);
    }

    @Override
    public CompletionStage<Reply> deleteChild(String id) {
        return order("deleteChild", id);
    }

    @Override
    public CompletionStage<Reply> reset(String id) {
        return order("reset", id);
    }

    @Override
    public CompletionStage<List<ChildStatus>> whichChildren() {
        return CompletableFuture.completedFuture(children);
    }

    @Override
    public CompletionStage<Counts> countChildren() {
        return CompletableFuture.completedFuture(new Counts(children.size(), children.size()));
    }

    @Override
    public GroupStatus status() {
        return new GroupStatus(group, true, "", "", 10, 60_000, children, 1);
    }
}
