package io.holdfast.supervisor.group;

import io.holdfast.api.supervision.Supervisor.ChildStatus;
import io.holdfast.api.supervision.Supervisor.GroupStatus;
import io.holdfast.api.supervision.Supervisor.Reply;
import io.holdfast.supervisor.core.CallResult;
import io.holdfast.supervisor.core.ChildView;
import io.holdfast.supervisor.core.ExitReason;
import io.holdfast.supervisor.core.SupervisorCore;
import java.util.List;
import java.util.Map;

/** The core's words in those of the api. */
final class Views {
  private Views() {}

  static Reply reply(CallResult result) {
    if (!(result instanceof CallResult.Failure failure)) {
      return Reply.OK;
    }
    return switch (failure.error()) {
      case NOT_FOUND -> Reply.NOT_FOUND;
      case RUNNING -> Reply.RUNNING;
      case RESTARTING -> Reply.RESTARTING;
      case ALREADY_STARTED -> Reply.ALREADY_STARTED;
      case ALREADY_PRESENT -> Reply.ALREADY_PRESENT;
      case NO_PROCESS -> Reply.NOPROC;
      case MAX_CHILDREN -> Reply.MAX_CHILDREN;
      case BAD_COMBINATION -> Reply.BAD_COMBINATION;
      case NOT_SUPPORTED -> Reply.NOT_SUPPORTED;
      case START_FAILED -> Reply.START_FAILED;
    };
  }

  /** In the child's own words, if it had any: the core knows fewer kinds of ends than children do. */
  static String text(ExitReason reason) {
    return reason.detail().isEmpty() ? reason.toString() : reason.detail();
  }

  /** @param lastCauses why each child last exited, by id */
  static GroupStatus status(
      String group, SupervisorCore core, Map<String, String> lastCauses, long now, long changeCount) {
    List<ChildStatus> children = children(core.children(now), lastCauses);
    var intensity = core.spec().intensity();
    return new GroupStatus(
        group, core.exit().isEmpty(), intensity.restarts(), intensity.period().toMillis(), children, changeCount);
  }

  static List<ChildStatus> children(List<ChildView> children, Map<String, String> lastCauses) {
    return children.stream().map(c -> child(c, lastCauses)).toList();
  }

  private static ChildStatus child(ChildView child, Map<String, String> lastCauses) {
    ChildStatus.State state =
        switch (child.status()) {
          case STARTING, RESTARTING -> ChildStatus.State.RESTARTING;
          case RUNNING -> ChildStatus.State.RUNNING;
          case STOPPING, STOPPED -> ChildStatus.State.STOPPED;
          case GIVEN_UP -> ChildStatus.State.GIVEN_UP;
        };
    return new ChildStatus(
        child.id(), state, child.incarnation(), child.restartsInPeriod(), lastCauses.getOrDefault(child.id(), ""));
  }
}
