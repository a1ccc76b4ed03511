// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.core;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.Cause.Kind;
import io.holdfast.api.transport.CloseInfo;
import io.holdfast.api.transport.ConnectFailure;
import io.holdfast.client.endpoint.RetryAfter;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** The table of causes: what each end of an attempt or connection means (docs/architecture.md, section 5). */
final class Causes {
    private static final Set<Integer> PROTOCOL_CODES = Set.of(1002, 1003, 1007, 1009, 1010);

    private Causes() {}

    static Verdict failed(ConnectFailure failure, Duration defaultWait, Duration maximumWait, Instant now) {
        String message = failure.message();
        return switch (failure.kind()) {
            case UNRESOLVED -> Verdict.of(Verdict.Kind.RETRY, Cause.of(Kind.UNRESOLVED, message));
            case UNREACHABLE -> Verdict.of(Verdict.Kind.RETRY, Cause.of(Kind.UNREACHABLE, message));
            case TIMEOUT -> Verdict.of(Verdict.Kind.RETRY, Cause.of(Kind.CONNECT_TIMEOUT, message));
            case TLS -> Verdict.of(Verdict.Kind.RETRY, Cause.of(Kind.TLS, message));
            case PROTOCOL -> Verdict.of(Verdict.Kind.PROTOCOL, Cause.of(Kind.PROTOCOL, message));
            case IO -> Verdict.of(Verdict.Kind.RETRY, Cause.of(Kind.LOST, message));
            case NO_TRANSPORT -> Verdict.of(Verdict.Kind.LATER, Cause.of(Kind.NO_TRANSPORT, message));
            case HTTP -> http(failure, defaultWait, maximumWait, now);
        };
    }

    private static Verdict http(ConnectFailure failure, Duration defaultWait, Duration maximumWait, Instant now) {
        int status = failure.httpStatus().orElse(0);
        String where = failure.location().map(l -> " to " + l).orElse("");
        String message = failure.message() + where;
        if (status == 401 || status == 403 || status == 407) {
            return Verdict.of(Verdict.Kind.REFUSED, Cause.of(Kind.REFUSED, message, status));
        }
        Optional<Duration> told = failure.retryAfter().flatMap(text -> RetryAfter.parse(text, now));
        if (status == 429 || status == 418 || (status == 503 && told.isPresent())) {
            Duration wait = told.orElse(defaultWait);
            return new Verdict(
                    Verdict.Kind.WAIT,
                    Cause.of(Kind.LIMITED, message, status),
                    Optional.of(wait.compareTo(maximumWait) > 0 ? maximumWait : wait));
        }
        return Verdict.of(Verdict.Kind.RETRY, Cause.of(Kind.HTTP, message, status));
    }

    static Verdict closed(CloseInfo info, Set<Integer> fatal) {
        String reason = info.reason();
        if (info.kind() == CloseInfo.Kind.WRITE_TIMEOUT) {
            return Verdict.of(Verdict.Kind.RETRY, Cause.of(Kind.WRITE_TIMEOUT, reason));
        }
        if (info.kind() == CloseInfo.Kind.LOST) {
            return Verdict.of(Verdict.Kind.RETRY, Cause.of(Kind.LOST, reason, info.code()));
        }
        if (fatal.contains(info.code())) {
            return Verdict.of(Verdict.Kind.REFUSED, Cause.of(Kind.REFUSED, reason, info.code()));
        }
        if (info.kind() == CloseInfo.Kind.PROTOCOL || PROTOCOL_CODES.contains(info.code())) {
            return Verdict.of(Verdict.Kind.PROTOCOL, Cause.of(Kind.PROTOCOL, reason, info.code()));
        }
        return Verdict.of(Verdict.Kind.RETRY, Cause.of(Kind.SERVER_CLOSE, reason, info.code()));
    }
}
