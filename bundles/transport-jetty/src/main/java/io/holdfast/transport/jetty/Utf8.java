package io.holdfast.transport.jetty;

import java.nio.ByteBuffer;

/** Strict UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF. Allocates nothing. */
final class Utf8 {
  private static final long NOT_ASCII = 0x8080808080808080L;

  private Utf8() {}

  /** Whether the bytes from position to limit are UTF-8. Leaves position and limit alone. */
  static boolean isValid(ByteBuffer bytes) {
    int limit = bytes.limit();
    int i = bytes.position();
    while (i < limit) {
      i = skipAscii(bytes, i, limit);
      if (i < limit) {
        int length = sequence(bytes, i, limit);
        if (length == 0) {
          return false;
        }
        i += length;
      }
    }
    return true;
  }

  private static int skipAscii(ByteBuffer bytes, int from, int limit) {
    int i = from;
    while (i + Long.BYTES <= limit && (bytes.getLong(i) & NOT_ASCII) == 0) {
      i += Long.BYTES;
    }
    while (i < limit && bytes.get(i) >= 0) {
      i++;
    }
    return i;
  }

  /** The length of the sequence of two to four bytes that begins at {@code i}, 0 if there is none. */
  private static int sequence(ByteBuffer bytes, int i, int limit) {
    int lead = bytes.get(i) & 0xff;
    int length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    if (length == 0 || i + length > limit) {
      return 0;
    }
    // Only the second byte's range depends on the lead: this is where overlong forms, surrogates and the end are caught.
    int second = bytes.get(i + 1) & 0xff;
    int low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    int high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (second < low || second > high) {
      return 0;
    }
    for (int k = 2; k < length; k++) {
      if ((bytes.get(i + k) & 0xc0) != 0x80) {
        return 0;
      }
    }
    return length;
  }
}
