// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.supervision;

/** The answer to {@link Child#start}. */
public sealed interface StartResult {
    /** The order was accepted. */
    record Accepted() implements StartResult {}

    /** The child has nothing to do and does not want to run: no failure, it stays stopped. */
    record Ignored() implements StartResult {}

    /** The child cannot start at all now; counts as a failed start. */
    record Failed(String reason) implements StartResult {}
}
