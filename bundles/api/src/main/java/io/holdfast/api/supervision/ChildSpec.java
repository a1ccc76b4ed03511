package io.holdfast.api.supervision;

import java.time.Duration;
import java.util.Objects;

/**
 * How a child wants to be supervised.
 *
 * @param id unique within the group
 * @param restart which exits lead to a restart
 * @param shutdown time for an orderly stop
 * @param order place in the start order
 * @param quickestFailure least time from a start to giving up, however bad things are; zero when it is not known. From it a
 *     supervisor sees whether an outage alone could use up its restarts
 */
public record ChildSpec(String id, Restart restart, Duration shutdown, int order, Duration quickestFailure) {

  /** As in OTP. */
  public enum Restart {
    /** After every exit. */
    PERMANENT,
    /** Only after an abnormal exit. */
    TRANSIENT,
    /** Never. */
    TEMPORARY
  }

  public ChildSpec {
    Objects.requireNonNull(id);
    Objects.requireNonNull(restart);
    Objects.requireNonNull(shutdown);
    Objects.requireNonNull(quickestFailure);
  }
}
