// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.heartbeat;

import java.util.List;

/**
 * How an answer is recognised without parsing it.
 *
 * @param contains literals (ASCII) that must all stand in the first {@link #HEAD} bytes of the message: then it is the
 *     answer
 * @param accepts literals that must stand in it too: then it is a consent, else a refusal; empty: every answer is
 * @param consumed whether the answer is kept from the listeners
 * @param maxLength longer messages are no answers, bytes: keeps data that happens to hold the literals apart
 */
public record Expectation(List<String> contains, List<String> accepts, boolean consumed, int maxLength) {
    /** How far into a message is looked. */
    public static final int HEAD = 512;

    /** An answer of any length. */
    public Expectation(List<String> contains, List<String> accepts, boolean consumed) {
        this(contains, accepts, consumed, Integer.MAX_VALUE);
    }

    public Expectation {
        if (maxLength < 1) {
            throw new IllegalArgumentException("maxLength must be positive");
        }
        if (contains.isEmpty() || contains.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException("an answer needs at least one literal, none empty");
        }
        contains = List.copyOf(contains);
        accepts = List.copyOf(accepts);
    }
}
