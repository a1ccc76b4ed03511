package io.holdfast.api.supervision;

import java.util.Objects;

/**
 * Why an incarnation ended, as plain data.
 *
 * @param description for humans; for {@link Kind#FAILED} the last cause and the number of attempts
 */
public record ExitReason(Kind kind, String description) {

  public enum Kind {
    /** Ended on purpose by its user. */
    NORMAL,
    /** Ended by order of its supervisor or container. */
    SHUTDOWN,
    /** Refused for good: credentials, policy. Not restarted, also if permanent, unless the group says so. */
    REFUSED,
    /** Ended by an operator to be started again. Not counted, unless the group says so. */
    OPERATOR,
    /** Gave up after its attempts. */
    FAILED,
    /** The peer broke the protocol repeatedly. */
    PROTOCOL,
    /** Ended by force. */
    KILLED,
    /** A fault in the child itself. */
    CRASH
  }

  public ExitReason {
    Objects.requireNonNull(kind);
    Objects.requireNonNull(description);
  }

  /** Whether a transient child is restarted after it. */
  public boolean abnormal() {
    return switch (kind) {
      case NORMAL, SHUTDOWN, REFUSED -> false;
      case OPERATOR, FAILED, PROTOCOL, KILLED, CRASH -> true;
    };
  }
}
