// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.client;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * Why something happened to a connection, as plain data: no foreign object, no secret, server text escaped and cut.
 *
 * @param code the close code, or the HTTP status for {@link Kind#HTTP} and {@link Kind#REFUSED}
 */
public record Cause(Kind kind, String message, OptionalInt code) {

    public enum Kind {
        /** close() of the user. */
        LOCAL_CLOSE,
        /** reconnect() or rotate() of the user or an operator, or changed options. */
        OPERATOR,
        /** The bundle or {@code Holdfast} instance that owned the client was stopped. */
        OWNER_GONE,
        /** The supervisor stopped the client. */
        SHUTDOWN,
        /** The server closed with a close frame. */
        SERVER_CLOSE,
        /** The connection broke without a close frame. */
        LOST,
        /** No transport is installed. */
        NO_TRANSPORT,
        /** The name has no address. */
        UNRESOLVED,
        /** No address accepted the TCP connection. */
        UNREACHABLE,
        /** The exchange plugin could not prepare the attempt. */
        PREPARE,
        /** The attempt's limit passed. */
        CONNECT_TIMEOUT,
        /** Certificate, host name or TLS protocol. */
        TLS,
        /** The upgrade was answered with a status that may pass. */
        HTTP,
        /** Refused for good: 401, 403, a fatal close code, refused credentials. */
        REFUSED,
        /** Told to wait: 429, 418, 503 with Retry-After, a ban. */
        LIMITED,
        /** RFC 6455 was broken. */
        PROTOCOL,
        /** A frame could not be written in time. */
        WRITE_TIMEOUT,
        /** Heartbeats were missed or nothing came for too long. */
        HEARTBEAT,
        /** A set-up step was refused or not answered. */
        SETUP,
        /** The listener was too slow for its bounds. */
        SLOW_CONSUMER,
        /** The server announced that it will close. */
        NOTICE,
        /** The connection has come to the age at which it is replaced. */
        AGE,
        /** A fault of the engine. */
        CRASH
    }

    public Cause {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(message);
        Objects.requireNonNull(code);
    }

    public static Cause of(Kind kind, String message) {
        return new Cause(kind, message, OptionalInt.empty());
    }

    public static Cause of(Kind kind, String message, int code) {
        return new Cause(kind, message, OptionalInt.of(code));
    }

    @Override
    public String toString() {
        return kind + (code.isPresent() ? "(" + code.getAsInt() + ")" : "") + (message.isEmpty() ? "" : ": " + message);
    }
}
