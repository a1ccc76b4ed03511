// SPDX-License-Identifier: Apache-2.0
package io.holdfast.exchange.deribit;

import io.holdfast.api.exchange.Failure;
import io.holdfast.api.exchange.Failure.Act;
import java.time.Duration;

/** What Deribit's error codes mean for a connection. Pure. */
final class DeribitErrors {
    /** The buckets fill with 10,000 credits a second; after this there is room for some calls again. */
    private static final Duration TOO_MANY = Duration.ofSeconds(3);

    /** Nothing is told of how long; every log-in in between makes it worse. */
    private static final Duration TOO_MANY_LOG_INS = Duration.ofMinutes(5);

    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration LATER = Duration.ofSeconds(30);

    private DeribitErrors() {}

    static Failure failure(String code, String message) {
        return switch (code) {
            case "10028" -> new Failure(code, message, Act.WAIT, TOO_MANY);
            case "12003" -> new Failure(code, message, Act.WAIT, TOO_MANY_LOG_INS);
            case "13004" -> Failure.of(code, message, Act.REFUSED);
            case "13009" -> Failure.of(code, message, Act.LOG_IN);
            case "10048" -> Failure.of(code, message, Act.RECONNECT);
            case "13888" -> Failure.of(code, message, Act.UNKNOWN);
            // retry, matching engine's queue, too many at once
            case "10040", "10047", "10066" -> new Failure(code, message, Act.LATER, SOON);
            // settlement, switched off, not there for a while
            case "10041", "13025", "13028", "13503" -> new Failure(code, message, Act.LATER, LATER);
            default -> Failure.of(code, message, Act.NONE);
        };
    }
}
