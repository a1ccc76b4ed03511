package io.holdfast.api.client;

import java.time.Duration;

/** What happened to a listener's stream of messages, told in the same lane and order as the messages. */
public sealed interface Continuity {
  /** The listener takes part from here on; the next message has a sequence above {@code sequence}. */
  record Joined(long sequence) implements Continuity {}

  /** The connection was lost after message {@code sequence}; what the server sent until {@link Resumed} is not known. */
  record Interrupted(long connection, long sequence, Cause cause) implements Continuity {}

  /**
   * Messages are missing.
   *
   * @param stream the stream, or empty when it is the whole client
   * @param from first missing, by the stream's numbering; for the whole client by {@link Message#sequence()}
   * @param to last missing
   */
  record Gap(String stream, long from, long to, Cause cause) implements Continuity {}

  /** A new connection is ready. {@code span} is the time since the interruption. */
  record Resumed(long connection, Duration span) implements Continuity {}

  /** Nothing more will come. */
  record Left(Cause cause) implements Continuity {}
}
