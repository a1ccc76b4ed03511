package io.holdfast.client.core;

import java.util.concurrent.atomic.AtomicLong;

/**
 * When what last passed over one connection, in monotonic nanoseconds. Written on the connection's thread, read by the
 * mailbox; release writes suffice, as a reader only needs a value that is true or a little old.
 */
public final class Traffic {
  private final AtomicLong frame = new AtomicLong();
  private final AtomicLong data = new AtomicLong();
  private final AtomicLong beat = new AtomicLong();
  private final AtomicLong proof = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong heldUntil = new AtomicLong();

  public Traffic(long now) {
    opened(now);
  }

  /** The connection is open: nothing was owed before. */
  public void opened(long now) {
    frame.set(now);
    data.set(now);
    beat.set(now);
    proof.set(now);
    sent.set(now);
    heldUntil.set(now);
  }

  public void frameAt(long nanos) {
    frame.setRelease(nanos);
  }

  public void dataAt(long nanos) {
    frame.setRelease(nanos);
    data.setRelease(nanos);
  }

  /** A heartbeat of the server. */
  public void beatAt(long nanos) {
    beat.setRelease(nanos);
    proof.setRelease(nanos);
  }

  /** A frame that proves life without being a heartbeat of the server. */
  public void proofAt(long nanos) {
    proof.setRelease(nanos);
  }

  public long lastBeat() {
    return beat.getAcquire();
  }

  public void sentAt(long nanos) {
    sent.setRelease(nanos);
  }

  /** Until then we did not read, so nothing that is missing proves anything. */
  public void heldUntil(long nanos) {
    heldUntil.setRelease(nanos);
  }

  long frame() {
    return Math.max(frame.getAcquire(), held());
  }

  long data() {
    return Math.max(data.getAcquire(), held());
  }

  long beat() {
    return Math.max(beat.getAcquire(), held());
  }

  long proof() {
    return Math.max(proof.getAcquire(), held());
  }

  /** When reading last went on after a stop, or will go on at the latest. */
  public long held() {
    return heldUntil.getAcquire();
  }

  long sent() {
    return sent.getAcquire();
  }
}
