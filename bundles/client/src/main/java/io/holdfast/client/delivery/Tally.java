package io.holdfast.client.delivery;

import java.util.concurrent.atomic.AtomicLong;

/** What a delivery counts over the client's life. Read from any thread. */
final class Tally {
  /** These have one writer at a time: whoever has the turn. */
  final AtomicLong messages = new AtomicLong();

  final AtomicLong bytes = new AtomicLong();
  final AtomicLong lastMessageNanos = new AtomicLong();

  /** These are written from anywhere. */
  final AtomicLong dropped = new AtomicLong();

  final AtomicLong faults = new AtomicLong();

  /** @return number of the message */
  long received(int length, long receivedNanos) {
    // One writer: nothing stronger than a release is needed, and this is done for each message.
    bytes.setRelease(bytes.getPlain() + length);
    lastMessageNanos.setRelease(receivedNanos);
    long number = messages.getPlain() + 1;
    messages.setRelease(number);
    return number;
  }
}
