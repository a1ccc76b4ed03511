// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.core;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.Cause.Kind;
import io.holdfast.api.client.ReconnectPolicy;
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

    /** What a failed attempt means. */
    static Verdict failed(ConnectFailure failure, ReconnectPolicy policy, Instant now) {
        String message = failure.message();
        return switch (failure.kind()) {
            case UNRESOLVED -> Verdict.of(Verdict.Kind.RETRY, Cause.of(Kind.UNRESOLVED, message));
            case UNREACHABLE -> Verdict.of(Verdict.Kind.RETRY, Cause.of(Kind.UNREACHABLE, message));
            case TIMEOUT -> Verdict.of(Verdict.Kind.RETRY, Cause.of(Kind.CONNECT_TIMEOUT, message));
            case TLS -> Verdict.of(Verdict.Kind.RETRY, Cause.of(Kind.TLS, message));
            case PROTOCOL -> Verdict.of(Verdict.Kind.PROTOCOL, Cause.of(Kind.PROTOCOL, message));
            case IO -> Verdict.of(Verdict.Kind.RETRY, Cause.of(Kind.LOST, message));
            case NO_TRANSPORT -> Verdict.of(Verdict.Kind.LATER, Cause.of(Kind.NO_TRANSPORT, message));
            case HTTP -> http(failure, policy, now);
        };
    }

    private static Verdict http(ConnectFailure failure, ReconnectPolicy policy, Instant now) {
        int status = failure.httpStatus().orElse(0);
        String where = failure.location().map(l -> " to " + l).orElse("");
        String message = failure.message() + where;
        if (status == 401 || status == 403 || status == 407) {
            return Verdict.of(Verdict.Kind.REFUSED, Cause.of(Kind.REFUSED, message, status));
        }
        Optional<Duration> told = failure.retryAfter().flatMap(text -> RetryAfter.parse(text, now));
        if (status == 429 || status == 418 || (status == 503 && told.isPresent())) {
            Duration wait = told.orElse(policy.maximum());
            return new Verdict(
                    Verdict.Kind.WAIT,
                    Cause.of(Kind.LIMITED, message, status),
                    Optional.of(min(wait, policy.retryAfterMax())));
        }
        return Verdict.of(Verdict.Kind.RETRY, Cause.of(Kind.HTTP, message, status));
    }

    /** What the end of a connection means: of one that closed, or is of no use, or could not be prepared. */
    static Verdict ended(Input.OfConnection input, ConnectionPolicy policy) {
        if (input instanceof Input.Closed i) {
            return closed(i.info(), policy.fatalCloseCodes());
        }
        if (input instanceof Input.Judged i) {
            return judged(i, policy.reconnect());
        }
        if (input instanceof Input.Dead i) {
            return Verdict.of(Verdict.Kind.RETRY, i.cause());
        }
        throw new IllegalArgumentException("No end of a connection: " + input);
    }

    private static Verdict judged(Input.Judged i, ReconnectPolicy policy) {
        Duration pause = i.pause().isZero() ? policy.maximum() : i.pause();
        return switch (i.judgement()) {
            case RETRY -> Verdict.of(Verdict.Kind.RETRY, i.cause());
            case REFUSED -> Verdict.of(Verdict.Kind.REFUSED, i.cause());
            case WAIT -> new Verdict(Verdict.Kind.WAIT, i.cause(), Optional.of(min(pause, policy.retryAfterMax())));
        };
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static Verdict closed(CloseInfo info, Set<Integer> fatal) {
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
