// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * What happens to one connection attempt. Immutable; made by the static methods, handed to
 * {@link Faults#upgrades(int, Upgrade)}.
 *
 * @param kind what is done
 * @param status HTTP status of a refusal, otherwise 0
 * @param headers extra headers of the answer
 * @param code close code for {@link Kind#OPEN_THEN_CLOSE}
 * @param reason close reason for {@link Kind#OPEN_THEN_CLOSE}
 * @param delay how long the answer is held back
 */
public record Upgrade(Kind kind, int status, Map<String, String> headers, int code, String reason, Duration delay) {

    /** The ways to treat an attempt. */
    public enum Kind {
        /** Answer 101 and go on. */
        ACCEPT,
        /** Answer with an HTTP status and close. */
        REFUSE,
        /** Accept TCP, read the request, never answer. */
        SILENT,
        /** Write the first half of the 101 answer, then nothing more. */
        HALF,
        /** Write the first half of the 101 answer, then close TCP. */
        HALF_THEN_DROP,
        /** Answer 101 with a wrong Sec-WebSocket-Accept. */
        WRONG_ACCEPT,
        /** Close TCP (FIN) as soon as it is accepted, without reading. */
        DROP,
        /** Reset TCP (RST) as soon as it is accepted. */
        RESET,
        /** Answer 101, then send a close frame at once. */
        OPEN_THEN_CLOSE,
        /** Answer 101, then reset TCP at once. */
        OPEN_THEN_RESET
    }

    public Upgrade {
        Objects.requireNonNull(kind, "kind");
        headers = Map.copyOf(headers);
        Objects.requireNonNull(reason, "reason");
        if (delay.isNegative()) {
            throw new IllegalArgumentException("delay must not be negative: " + delay);
        }
    }

    private static Upgrade of(Kind kind) {
        return new Upgrade(kind, 0, Map.of(), 0, "", Duration.ZERO);
    }

    /** The normal 101. */
    public static Upgrade accept() {
        return of(Kind.ACCEPT);
    }

    /** An HTTP answer without extra headers. */
    public static Upgrade refuse(int status) {
        return refuse(status, Map.of());
    }

    /**
     * An HTTP answer instead of 101.
     *
     * @param status 200 to 599
     * @param headers for example {@code Location} or {@code Retry-After}
     */
    public static Upgrade refuse(int status, Map<String, String> headers) {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("status must be in 200..599: " + status);
        }
        return new Upgrade(Kind.REFUSE, status, headers, 0, "", Duration.ZERO);
    }

    /** A refusal with {@code Retry-After} in seconds. */
    public static Upgrade retryAfter(int status, long seconds) {
        return refuse(status, Map.of("Retry-After", Long.toString(seconds)));
    }

    /** A refusal with {@code Retry-After} as an HTTP date (whole seconds). */
    public static Upgrade retryAfter(int status, Instant date) {
        String text = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
                .withZone(ZoneOffset.UTC)
                .format(date);
        return refuse(status, Map.of("Retry-After", text));
    }

    /** See {@link Kind#SILENT}. */
    public static Upgrade silent() {
        return of(Kind.SILENT);
    }

    /** See {@link Kind#HALF}. */
    public static Upgrade half() {
        return of(Kind.HALF);
    }

    /** See {@link Kind#HALF_THEN_DROP}. */
    public static Upgrade halfThenDrop() {
        return of(Kind.HALF_THEN_DROP);
    }

    /** See {@link Kind#WRONG_ACCEPT}. */
    public static Upgrade wrongAccept() {
        return of(Kind.WRONG_ACCEPT);
    }

    /** See {@link Kind#DROP}. */
    public static Upgrade drop() {
        return of(Kind.DROP);
    }

    /** See {@link Kind#RESET}. */
    public static Upgrade reset() {
        return of(Kind.RESET);
    }

    /** See {@link Kind#OPEN_THEN_CLOSE}. */
    public static Upgrade openThenClose(int code, String reason) {
        return new Upgrade(Kind.OPEN_THEN_CLOSE, 0, Map.of(), code, reason, Duration.ZERO);
    }

    /** See {@link Kind#OPEN_THEN_RESET}. */
    public static Upgrade openThenReset() {
        return of(Kind.OPEN_THEN_RESET);
    }

    /** The same, held back by {@code wait} after the request was read. */
    public Upgrade after(Duration wait) {
        return new Upgrade(kind, status, headers, code, reason, wait);
    }

    /** Whether it acts before the request is read, when no path is known yet. */
    public boolean atAccept() {
        return kind == Kind.DROP || kind == Kind.RESET;
    }
}
