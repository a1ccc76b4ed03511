package io.holdfast.heartbeat.generic;

import io.holdfast.api.options.InvalidOptionException;
import java.util.Arrays;
import java.util.List;

/** Several literals in one option. */
final class Literals {
  /** With its spaces, so that JSON of any kind can stand between two of them. */
  private static final String SEPARATOR = " && ";

  private static final int LONGEST = 256;

  private Literals() {}

  /** At least one literal, each as the contracts of patterns want it: ASCII, not empty. */
  static List<String> of(String option, String text) {
    List<String> literals = Arrays.stream(text.split(SEPARATOR, -1)).map(String::trim).toList();
    for (String literal : literals) {
      if (literal.isEmpty()) {
        throw new InvalidOptionException(option, "has an empty literal; they are separated by ' && '");
      }
      if (literal.length() > LONGEST) {
        throw new InvalidOptionException(option, "has a literal of more than " + LONGEST + " characters");
      }
      if (!literal.chars().allMatch(c -> c >= ' ' && c <= '~')) {
        throw new InvalidOptionException(option, "must be printable ASCII");
      }
    }
    return literals;
  }
}
