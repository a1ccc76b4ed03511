// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.exchange;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The answer to a call.
 *
 * @param id the call's; empty where the server does not say: then it is taken for the oldest call's
 * @param result JSON text of the result, its digits as they came; empty with a failure
 * @param listed the result, if it is a list of texts, else empty
 * @param failure why it was refused; empty if it was not
 */
public record Answer(String id, String result, List<String> listed, Optional<Failure> failure) implements Inbound {
    public Answer {
        Objects.requireNonNull(id);
        Objects.requireNonNull(result);
        listed = List.copyOf(listed);
        Objects.requireNonNull(failure);
    }

    public boolean accepted() {
        return failure.isEmpty();
    }

    /** Without the result, which may hold tokens. */
    @Override
    public String toString() {
        return "Answer[" + id + failure.map(f -> ", " + f).orElse("") + "]";
    }
}
