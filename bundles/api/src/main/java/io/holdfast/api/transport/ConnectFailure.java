// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.transport;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Why an attempt failed, as plain data.
 *
 * @param message for humans; holds no secret and no foreign object
 * @param httpStatus the status of an upgrade that was answered with anything but 101
 * @param retryAfter the text of the header Retry-After, seconds or a date (RFC 9110, 10.2.3)
 * @param location the text of the header Location of a redirect, without query
 */
public record ConnectFailure(
        Kind kind, String message, OptionalInt httpStatus, Optional<String> retryAfter, Optional<String> location) {

    public enum Kind {
        /** The name has no address. */
        UNRESOLVED,
        /** Every address refused the TCP connection or could not be reached. */
        UNREACHABLE,
        /** A limit of the request passed. */
        TIMEOUT,
        /** The TLS handshake failed: certificate, host name, protocol. */
        TLS,
        /** The upgrade was answered with another status. */
        HTTP,
        /** The upgrade's answer broke RFC 6455. */
        PROTOCOL,
        /** The connection broke before the upgrade was answered. */
        IO,
        /** Nothing was tried: there is no transport now. Not an attempt. */
        NO_TRANSPORT
    }

    public ConnectFailure {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(message);
        Objects.requireNonNull(httpStatus);
        Objects.requireNonNull(retryAfter);
        Objects.requireNonNull(location);
    }

    public static ConnectFailure of(Kind kind, String message) {
        return new ConnectFailure(kind, message, OptionalInt.empty(), Optional.empty(), Optional.empty());
    }
}
