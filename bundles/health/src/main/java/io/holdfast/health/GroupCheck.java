// SPDX-License-Identifier: Apache-2.0
package io.holdfast.health;

import io.holdfast.api.client.ClientHealth.Status;
import io.holdfast.api.supervision.Supervisor.ChildStatus;
import io.holdfast.api.supervision.Supervisor.GroupStatus;
import java.util.List;
import java.util.Optional;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.apache.felix.hc.api.ResultLog;

/** The check of one group: as bad as its worst member. Reads snapshots, never waits. */
final class GroupCheck implements HealthCheck {
    private final String group;
    private final Fleet fleet;

    GroupCheck(String group, Fleet fleet) {
        this.group = group;
        this.fleet = fleet;
    }

    @Override
    public Result execute() {
        ResultLog log = new ResultLog();
        List<Fleet.Member> members = fleet.members(group);
        Optional<GroupStatus> supervisor = fleet.group(group);
        add(
                log,
                "group " + group,
                supervisor
                        .map(GroupCheck::ofSupervisor)
                        .orElse(new Judgement(Status.WARN, "has no supervisor now; its clients go on by themselves")));
        members.forEach(m -> add(log, "client " + m.client().id(), fleet.judge(m)));
        supervisor.ifPresent(status -> status.children().stream()
                .filter(child -> members.stream().noneMatch(m -> m.client().id().equals(child.id())))
                .forEach(child ->
                        add(log, "child " + child.id(), Judgement.child(new Judgement.Supervised(status, child)))));
        return new Result(log);
    }

    private static Judgement ofSupervisor(GroupStatus status) {
        if (!status.alive()) {
            return new Judgement(
                    Status.CRITICAL, "does not supervise" + (status.cause().isEmpty() ? "" : ": " + status.cause()));
        }
        long running = status.children().stream()
                .filter(c -> c.state() == ChildStatus.State.RUNNING)
                .count();
        return new Judgement(Status.OK, running + " of " + status.children().size() + " running");
    }

    private static void add(ResultLog log, String subject, Judgement judgement) {
        log.add(new ResultLog.Entry(
                Results.status(judgement.status()), Results.text(subject + ": " + judgement.text())));
    }
}
