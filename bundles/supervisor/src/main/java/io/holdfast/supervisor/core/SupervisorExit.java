package io.holdfast.supervisor.core;

/** How a supervisor ended. */
public sealed interface SupervisorExit {

  /** In OTP's words. */
  ExitReason reason();

  /** It was told to, exceeded its intensity, or its significant children are gone (the latter two: {@code shutdown}). */
  record Ended(ExitReason reason) implements SupervisorExit { }

  /** A child did not start while the supervisor itself was starting; those started before are stopped again. */
  record StartFailed(String childId, String detail) implements SupervisorExit {
    @Override
    public ExitReason reason() {
      return ExitReason.shutdown("failed to start " + childId + ": " + detail);
    }
  }

  /** It was given children it cannot have; nothing was started. */
  record BadSpec(String childId, String detail) implements SupervisorExit {
    @Override
    public ExitReason reason() {
      return ExitReason.crash("bad specification of " + childId + ": " + detail);
    }
  }
}
