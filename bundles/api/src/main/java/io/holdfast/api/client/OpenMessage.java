// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.client;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A text sent on every connection, after the set-up of the plugins.
 *
 * @param expect a literal that the answer must contain; the next text is sent when it came. Empty: not waited for
 * @param limit time for the answer; then the connection is replaced
 */
public record OpenMessage(String text, Optional<String> expect, Duration limit) {
    public OpenMessage {
        Objects.requireNonNull(text);
        Objects.requireNonNull(expect);
        Objects.requireNonNull(limit);
    }
}
