// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.exchange;

import java.util.Objects;

/**
 * What calls take from a limit.
 *
 * @param method the method, or its beginning followed by {@code *}
 * @param limit the limit's name
 * @param amount credits
 */
public record Cost(String method, String limit, long amount) {
    public Cost {
        Objects.requireNonNull(method);
        Objects.requireNonNull(limit);
        if (amount < 0) {
            throw new IllegalArgumentException("amount must not be negative");
        }
    }

    public boolean fits(String called) {
        return method.endsWith("*")
                ? called.startsWith(method.substring(0, method.length() - 1))
                : called.equals(method);
    }
}
