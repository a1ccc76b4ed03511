package io.holdfast.transport.jetty;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Puts the fragments of one message together. Used by the reading thread only. */
final class Assembly {
  /** What is kept between messages; a larger buffer is given back to the collector. */
  private static final int KEPT = 16 * 1024;

  private final int max;
  private byte[] bytes = new byte[0];
  private int length;
  private boolean text;
  private boolean open;

  Assembly(int max) {
    this.max = max;
  }

  boolean isOpen() {
    return open;
  }

  boolean isText() {
    return text;
  }

  void begin(boolean text) {
    this.text = text;
    length = 0;
    open = true;
  }

  /** Whether the fragment still fitted. */
  boolean add(ByteBuffer fragment) {
    int more = fragment.remaining();
    if (more > max - length) {
      return false;
    }
    if (length + more > bytes.length) {
      long doubled = Math.max(1024, 2L * bytes.length);
      bytes = Arrays.copyOf(bytes, (int) Math.min(max, Math.max(doubled, (long) length + more)));
    }
    fragment.get(fragment.position(), bytes, length, more);
    length += more;
    return true;
  }

  /** The whole message; valid until the next one begins. */
  ByteBuffer end() {
    open = false;
    ByteBuffer whole = ByteBuffer.wrap(bytes, 0, length);
    if (bytes.length > KEPT) {
      bytes = new byte[0];
    }
    return whole;
  }
}
