package io.holdfast.api.supervision;

/** The answer to {@link Child#start}. */
public sealed interface StartResult {
  /** The order was accepted. */
  record Accepted() implements StartResult {}

  /** The child cannot start at all now; counts as a failed start. */
  record Failed(String reason) implements StartResult {}
}
