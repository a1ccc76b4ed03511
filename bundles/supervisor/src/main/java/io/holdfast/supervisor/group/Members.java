package io.holdfast.supervisor.group;

import io.holdfast.api.supervision.Child;
import io.holdfast.api.supervision.ChildSnapshot;
import io.holdfast.api.supervision.ChildSpec;
import io.holdfast.supervisor.core.ChildSnapshot.Exited;
import io.holdfast.supervisor.core.ChildSnapshot.Found;
import io.holdfast.supervisor.core.ChildSnapshot.GivenUp;
import io.holdfast.supervisor.core.ChildSnapshot.Running;
import io.holdfast.supervisor.core.ChildSnapshot.Stopped;
import io.holdfast.supervisor.core.ExitReason;
import io.holdfast.supervisor.core.LedgerEntry;
import io.holdfast.supervisor.core.RestartType;
import io.holdfast.supervisor.core.ShutdownLimit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The children a group owns, and what they are in the core's words. Confined to the group's mailbox. */
final class Members {
  private final Map<String, Child> byId = new LinkedHashMap<>();
  private final Map<Child, String> ids = new IdentityHashMap<>();

  /** Children that came while their id was in use, with that id. */
  private final List<Waiting> waiting = new ArrayList<>();

  private record Waiting(String id, Child child) {}

  Optional<Child> get(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  void put(String id, Child child) {
    byId.put(id, child);
    ids.put(child, id);
  }

  /** Keeps a child for the time when its id is free. */
  void putOff(String id, Child child) {
    waiting.add(new Waiting(id, child));
  }

  /** The first child that waited for the id, which then waits no longer. */
  Optional<Child> nextFor(String id) {
    Optional<Waiting> next = waiting.stream().filter(w -> w.id().equals(id)).findFirst();
    next.ifPresent(w -> waiting.removeIf(other -> other == w));
    return next.map(Waiting::child);
  }

  /** Removes that child, wherever it is; its id if it was owned. The child itself is not asked, as it may be gone. */
  Optional<String> remove(Child child) {
    waiting.removeIf(w -> w.child() == child);
    Optional<String> id = Optional.ofNullable(ids.remove(child));
    id.ifPresent(byId::remove);
    return id;
  }

  Iterable<Child> all() {
    return List.copyOf(byId.values());
  }

  static io.holdfast.supervisor.core.ChildSpec spec(ChildSpec s) {
    RestartType restart =
        switch (s.restart()) {
          case PERMANENT -> RestartType.PERMANENT;
          case TRANSIENT -> RestartType.TRANSIENT;
          case TEMPORARY -> RestartType.TEMPORARY;
        };
    io.holdfast.supervisor.core.ChildSpec.Type type =
        switch (s.type()) {
          case WORKER -> io.holdfast.supervisor.core.ChildSpec.Type.WORKER;
          case SUPERVISOR -> io.holdfast.supervisor.core.ChildSpec.Type.SUPERVISOR;
        };
    return new io.holdfast.supervisor.core.ChildSpec(
        s.id(), restart, s.significant(), limit(s.shutdown()), type, s.order());
  }

  private static ShutdownLimit limit(Duration shutdown) {
    if (shutdown.equals(ChildSpec.BRUTAL_KILL)) {
      return ShutdownLimit.BRUTAL_KILL;
    }
    return shutdown.compareTo(ChildSpec.INFINITY) >= 0 ? ShutdownLimit.INFINITY : ShutdownLimit.of(shutdown);
  }

  static ExitReason reason(io.holdfast.api.supervision.ExitReason r) {
    ExitReason.Kind kind =
        switch (r.kind()) {
          case NORMAL -> ExitReason.Kind.NORMAL;
          case SHUTDOWN -> ExitReason.Kind.SHUTDOWN;
          case REFUSED -> ExitReason.Kind.REFUSED;
          case KILLED -> ExitReason.Kind.KILLED;
          case BANNED -> ExitReason.Kind.BANNED;
          case OPERATOR -> ExitReason.Kind.OPERATOR;
          case FAILED -> ExitReason.Kind.FAILED;
          case PROTOCOL -> ExitReason.Kind.PROTOCOL;
          case CRASH -> ExitReason.Kind.CRASH;
        };
    return new ExitReason(kind, r.description(), r.retryAfter().toNanos());
  }

  /** A child found when its group came later than itself. */
  static io.holdfast.supervisor.core.ChildSnapshot adopted(ChildSnapshot s, long now) {
    Found found =
        switch (s.state()) {
          case CREATED, STOPPED -> new Stopped();
          case RUNNING -> new Running();
          case EXITED -> new Exited(s.exit().map(Members::reason).orElse(ExitReason.crash("")), now);
          case GIVEN_UP -> new GivenUp(s.exit().map(Members::reason).orElse(ExitReason.crash("")), now);
        };
    return new io.holdfast.supervisor.core.ChildSnapshot(
        spec(s.spec()),
        s.incarnation(),
        found,
        s.ledger().stream()
            .map(e -> new LedgerEntry(e.nanos(), e.incarnation(), ExitReason.crash(e.cause()), e.counted()))
            .toList());
  }
}
