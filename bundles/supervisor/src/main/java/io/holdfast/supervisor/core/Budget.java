package io.holdfast.supervisor.core;

/** Whose restarts are counted together, and hence who pays when there are too many. */
public enum Budget {
  /** Each child has its own; one that exceeds it is {@link ChildStatus#GIVEN_UP}, the others are untouched. */
  CHILD,
  /** OTP's rule: one list for all; exceeded, the supervisor stops every child and exits. */
  GROUP
}
