package io.holdfast.supervisor.group;

import io.holdfast.api.supervision.Attachment;
import io.holdfast.api.supervision.Child;
import io.holdfast.api.supervision.ChildSignals;
import io.holdfast.api.supervision.ChildSnapshot;
import io.holdfast.api.supervision.ChildSpec;
import io.holdfast.api.supervision.Owner;
import io.holdfast.api.supervision.StartResult;
import io.holdfast.api.supervision.Supervisor;
import io.holdfast.supervisor.core.CallResult;
import io.holdfast.supervisor.core.ExitReason;
import io.holdfast.supervisor.core.ShutdownLimit;
import io.holdfast.supervisor.core.StartOutcome;
import io.holdfast.supervisor.core.SupervisorAction;
import io.holdfast.supervisor.core.SupervisorMessage;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One group at work: children come and go, {@link io.holdfast.supervisor.core.SupervisorCore} decides, this carries it out.
 * All decisions run in the group's mailbox; nothing here waits.
 */
public final class Group implements Supervisor {
  private final Logger logger = LoggerFactory.getLogger(Group.class);
  private final GroupThreads threads;
  private final Owner owner;
  private final String name;
  private final WatchedCore core;
  private final Guard guard;

  /** Confined to the mailbox, like all fields below. */
  private final Members members = new Members();

  private final Map<Long, Consumer<CallResult>> calls = new HashMap<>();
  private long tokens;
  private Runnable cancelWake = () -> {};
  private boolean closed;

  public Group(GroupOptions options, GroupThreads threads) {
    this.threads = threads;
    this.name = options.group();
    this.owner = new Owner(name);
    this.core = new WatchedCore(name, options.spec());
    this.guard = new Guard(name);
  }

  // --- children come and go

  /**
   * Takes a child; one that somebody else owns is left to them, one whose id is in use is taken when the id is free. Returns
   * at once.
   */
  public void add(Child child) {
    post(() -> take(child));
  }

  private void take(Child child) {
    String id = child.spec().id();
    if (members.get(id).filter(first -> first != child).isPresent()) {
      // Mostly the successor of one whose service has not gone yet.
      members.putOff(id, child);
      logger.warn("Group {}: child id '{}' is in use; the second child waits for the first to leave", name, id);
    } else {
      attach(child, r -> {});
    }
  }

  /** Lets a child go as it is. Returns at once; no signal of it is heard from here on. */
  public void remove(Child child) {
    detach(child);
    post(
        () ->
            members
                .remove(child)
                .ifPresent(
                    id -> {
                      // It may have been attached meanwhile, by an order that waited here before this one.
                      detach(child);
                      core.forget(id);
                      tell(new SupervisorMessage.Detach(id));
                      members.nextFor(id).ifPresent(this::take);
                    }));
  }

  private void detach(Child child) {
    guard.run("the detachment of a child", () -> child.detach(owner));
  }

  private void attach(Child child, Consumer<Reply> reply) {
    String id = child.spec().id();
    if (members.get(id).isPresent()) {
      // The core knows in which state the first is, and refuses accordingly.
      call(token -> new SupervisorMessage.StartChild(token, Members.spec(child.spec())), r -> reply.accept(Views.reply(r)));
      return;
    }
    Attachment attachment = child.attach(owner, signals(id, child));
    if (attachment instanceof Attachment.Refused refused) {
      logger.error("Group {}: child '{}' belongs to '{}'", name, id, refused.currentOwner());
      reply.accept(Reply.OWNED);
      return;
    }
    members.put(id, child);
    warnOfShortBudget(child.spec());
    ChildSnapshot found = ((Attachment.Attached) attachment).snapshot();
    if (found.state() == ChildSnapshot.State.CREATED) {
      call(
          token -> new SupervisorMessage.StartChild(token, Members.spec(child.spec())),
          r -> {
            if (r instanceof CallResult.Failure failure) {
              startRefused(child, failure, reply);
            } else {
              reply.accept(Views.reply(r));
            }
          });
    } else {
      tell(new SupervisorMessage.Adopt(List.of(Members.adopted(found, threads.nanoTime())), List.of()));
      reply.accept(Reply.OK);
    }
  }

  /** A child that could not be started is not kept, unless it had started itself meanwhile: then it is adopted. */
  private void startRefused(Child child, CallResult.Failure result, Consumer<Reply> reply) {
    if (result.error() == CallResult.Error.NOT_FOUND) {
      // It left while it was started; taken back it would stay for ever.
      reply.accept(Views.reply(result));
      return;
    }
    logger.error("Group {}: child '{}' could not be started and is not supervised: {} {}", name, child.spec().id(), result.error(), result.detail());
    child.detach(owner);
    members.remove(child);
    if (child.snapshot().state() == ChildSnapshot.State.CREATED) {
      reply.accept(Views.reply(result));
    } else {
      attach(child, reply);
    }
  }

  private ChildSignals signals(String id, Child child) {
    return new ChildSignals() {
      @Override
      public void exited(long incarnation, io.holdfast.api.supervision.ExitReason reason) {
        ifMember(
            () -> {
              core.exited(id, reason.description());
              tell(new SupervisorMessage.Exit(id, incarnation, Members.reason(reason)));
            });
      }

      @Override
      public void requested(Request request) {
        ifMember(
            () -> {
              if (request == Request.TERMINATE) {
                call(token -> new SupervisorMessage.TerminateChild(token, id), r -> {});
              } else {
                call(token -> new SupervisorMessage.ResetChild(token, id), r -> {});
                call(token -> new SupervisorMessage.RestartChild(token, id), r -> {});
              }
            });
      }

      private void ifMember(Runnable task) {
        post(
            () -> {
              if (members.get(id).orElse(null) == child) {
                task.run();
              }
            });
      }
    };
  }

  /** Other rules from the next failure on; touches no child. */
  public void reconfigure(GroupOptions options) {
    post(
        () -> {
          tell(new SupervisorMessage.Reconfigure(options.spec()));
          members.all().forEach(child -> warnOfShortBudget(child.spec()));
        });
  }

  private void warnOfShortBudget(ChildSpec child) {
    OutageBudget.warning(child, core.intensity())
        .ifPresent(warning -> logger.warn("Group {}: child '{}': {}", name, child.id(), warning));
  }

  /** Ends supervision; the children go on as they are and may be adopted by another. */
  public CompletionStage<Void> close() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    threads
        .mailbox()
        .execute(
            () -> {
              closed = true;
              cancelWake.run();
              letAllGo();
              List.copyOf(calls.values()).forEach(c -> c.accept(CallResult.failure(CallResult.Error.NO_PROCESS)));
              calls.clear();
              done.complete(null);
            });
    return done;
  }

  // --- mailbox

  private void post(Runnable task) {
    threads
        .mailbox()
        .execute(
            () -> {
              if (!closed) {
                guard.run("a step", task);
              }
            });
  }

  private void tell(SupervisorMessage message) {
    long now = threads.nanoTime();
    for (SupervisorAction action : core.handle(message, now)) {
      // An order that could not be given is overdue in time, and acted on then.
      guard.run("an order to a child", () -> execute(action));
    }
    cancelWake.run();
    cancelWake = () -> {};
    core.nextWakeNanos()
        .ifPresent(
            at -> cancelWake = threads.schedule(at - now, () -> post(() -> tell(new SupervisorMessage.Tick()))));
  }

  private void execute(SupervisorAction action) {
    if (action instanceof SupervisorAction.Start a) {
      start(a);
    } else if (action instanceof SupervisorAction.Stop a) {
      stop(a);
    } else if (action instanceof SupervisorAction.EnqueueRetry a) {
      post(() -> tell(new SupervisorMessage.Retry(a.childId())));
    } else if (action instanceof SupervisorAction.Reply a) {
      Consumer<CallResult> call = calls.remove(a.token());
      if (call != null) {
        call.accept(a.result());
      }
    } else if (action instanceof SupervisorAction.RecordRestart a) {
      logger.info("Group {}: child '{}' is restarted: {}", name, a.childId(), Views.text(a.entry().cause()));
      members.get(a.childId()).ifPresent(c -> c.record(entry(a.entry())));
    } else if (action instanceof SupervisorAction.ClearLedger a) {
      members.get(a.childId()).ifPresent(Child::clearLedger);
    } else if (action instanceof SupervisorAction.GivenUp a) {
      String why = Views.text(a.reason());
      logger.error("Group {}: child '{}' is given up: {}", name, a.childId(), why);
      members.get(a.childId()).ifPresent(c -> c.givenUp(owner, why));
    } else if (action instanceof SupervisorAction.Recovered a) {
      logger.info("Group {}: child '{}' has recovered", name, a.childId());
    } else if (action instanceof SupervisorAction.StopOverdue a) {
      logger.error("Group {}: child '{}' did not answer to being stopped", name, a.childId());
    } else if (action instanceof SupervisorAction.Removed a) {
      members
          .get(a.childId())
          .ifPresent(
              c -> {
                members.remove(c);
                core.forget(a.childId());
                c.detach(owner);
                post(() -> members.nextFor(a.childId()).ifPresent(this::take));
              });
    } else if (action instanceof SupervisorAction.Exited a) {
      logger.error("Group {} has ended: {}", name, a.exit().reason());
      letAllGo();
    }
  }

  /** The children stay as they are: whoever wants them started again asks them, not a group that has ended. */
  private void letAllGo() {
    for (Child child : members.all()) {
      detach(child);
      members.remove(child);
    }
  }

  private void start(SupervisorAction.Start a) {
    Optional<Child> child = members.get(a.childId());
    if (child.isEmpty()) {
      started(a, StartOutcome.failed("the child has left"));
      return;
    }
    boolean given =
        guard.run(
            "the start of child '" + a.childId() + "'",
            () ->
                child
                    .get()
                    .start(owner, a.incarnation())
                    .whenComplete((result, fault) -> post(() -> started(a, outcome(result)))));
    if (!given) {
      post(() -> started(a, outcome(null)));
    }
  }

  /** A stage that failed has no result; its fault is the child's, and is not kept. */
  private static StartOutcome outcome(StartResult result) {
    if (result instanceof StartResult.Accepted) {
      return StartOutcome.STARTED;
    }
    if (result instanceof StartResult.Ignored) {
      return StartOutcome.IGNORED;
    }
    return StartOutcome.failed(result instanceof StartResult.Failed f ? f.reason() : "the child failed while it was started");
  }

  private void started(SupervisorAction.Start a, StartOutcome outcome) {
    tell(new SupervisorMessage.StartResult(a.childId(), a.incarnation(), outcome));
  }

  private void stop(SupervisorAction.Stop a) {
    Optional<Child> child = members.get(a.childId());
    if (child.isEmpty()) {
      post(() -> tell(new SupervisorMessage.StopResult(a.childId(), a.incarnation(), ExitReason.SHUTDOWN)));
      return;
    }
    boolean kill = a.limit().equals(ShutdownLimit.BRUTAL_KILL);
    Duration limit = kill ? Duration.ZERO : Duration.ofNanos(a.limit().nanos());
    var reason =
        new io.holdfast.api.supervision.ExitReason(
            kill ? io.holdfast.api.supervision.ExitReason.Kind.KILLED : io.holdfast.api.supervision.ExitReason.Kind.SHUTDOWN,
            a.reason().toString());
    child
        .get()
        .stop(owner, reason, limit)
        .whenComplete(
            (done, fault) ->
                post(
                    () ->
                        tell(
                            new SupervisorMessage.StopResult(
                                a.childId(), a.incarnation(), kill ? ExitReason.KILLED : ExitReason.SHUTDOWN))));
  }

  private static io.holdfast.api.supervision.LedgerEntry entry(io.holdfast.supervisor.core.LedgerEntry e) {
    return new io.holdfast.api.supervision.LedgerEntry(e.atNanos(), e.incarnation(), e.cause().detail(), e.counted());
  }

  // --- Supervisor

  @Override
  public String group() {
    return name;
  }

  @Override
  public CompletionStage<Reply> startChild(Child child) {
    return ask(reply -> attach(child, reply));
  }

  @Override
  public CompletionStage<Reply> terminateChild(String id) {
    return ask(reply -> call(token -> new SupervisorMessage.TerminateChild(token, id), r -> reply.accept(Views.reply(r))));
  }

  @Override
  public CompletionStage<Reply> restartChild(String id) {
    return ask(reply -> call(token -> new SupervisorMessage.RestartChild(token, id), r -> reply.accept(Views.reply(r))));
  }

  @Override
  public CompletionStage<Reply> deleteChild(String id) {
    return ask(reply -> call(token -> new SupervisorMessage.DeleteChild(token, id), r -> reply.accept(Views.reply(r))));
  }

  @Override
  public CompletionStage<Reply> reset(String id) {
    return ask(reply -> call(token -> new SupervisorMessage.ResetChild(token, id), r -> reply.accept(Views.reply(r))));
  }

  @Override
  public CompletionStage<List<ChildStatus>> whichChildren() {
    return ask(
        answer -> call(SupervisorMessage.WhichChildren::new, r -> answer.accept(r instanceof CallResult.Children c ? core.inStartOrder(c) : List.of())),
        List.of(),
        List.of());
  }

  @Override
  public CompletionStage<Counts> countChildren() {
    Counts none = new Counts(0, 0);
    return ask(
        answer ->
            call(
                SupervisorMessage.CountChildren::new,
                r -> answer.accept(r instanceof CallResult.Counts c ? new Counts(c.specs(), c.active()) : none)),
        none,
        none);
  }

  @Override
  public GroupStatus status() {
    return core.status(threads.nanoTime());
  }

  private CompletionStage<Reply> ask(Consumer<Consumer<Reply>> question) {
    return ask(question, Reply.NOPROC, Reply.START_FAILED);
  }

  /** Every question is answered: with {@code gone} when the group has ended, with {@code failed} when a child broke it off. */
  private <T> CompletionStage<T> ask(Consumer<Consumer<T>> question, T gone, T failed) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    Consumer<T> reply = value -> threads.publishing().execute(() -> answer.complete(value));
    threads
        .mailbox()
        .execute(
            () -> {
              if (closed) {
                reply.accept(gone);
              } else if (!guard.run("a call", () -> question.accept(reply))) {
                reply.accept(failed);
              }
            });
    return answer.minimalCompletionStage();
  }

  private void call(LongFunction<SupervisorMessage> message, Consumer<CallResult> onResult) {
    long token = ++tokens;
    calls.put(token, onResult);
    tell(message.apply(token));
  }
}
