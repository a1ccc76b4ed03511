// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.exchange;

import java.util.List;
import java.util.Objects;

/**
 * What a text message of the server is, told without parsing it. Rules for data come first: most messages are data, and the
 * first rule that matches ends the search.
 *
 * @param name for humans
 * @param contains literals (ASCII) that must all stand in the first {@code within} bytes
 * @param within how far into the message is looked, bytes; at most 512
 * @param kind what it is
 * @param consumed whether it is kept from the listeners; data never is
 */
public record FrameRule(String name, List<String> contains, int within, Kind kind, boolean consumed) {
    public enum Kind {
        /** For the listeners. */
        DATA,
        /** Answers a call: read by {@link ExchangeProtocol#decode}. */
        ANSWER,
        /** Something the session must know: read by {@link ExchangeProtocol#decode}. */
        EVENT
    }

    public FrameRule {
        Objects.requireNonNull(name);
        if (contains.isEmpty() || contains.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException("a rule needs at least one literal, none empty");
        }
        contains = List.copyOf(contains);
        if (within < 1 || within > 512) {
            throw new IllegalArgumentException("within must be from 1 to 512");
        }
        Objects.requireNonNull(kind);
        if (kind == Kind.DATA && consumed) {
            throw new IllegalArgumentException("data is for the listeners");
        }
    }
}
