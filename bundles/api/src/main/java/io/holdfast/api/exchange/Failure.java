// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.exchange;

import java.time.Duration;
import java.util.Objects;

/**
 * An error of the exchange and what follows from it.
 *
 * @param code as the exchange writes it
 * @param message the exchange's words; escaped and cut by the engine before it is shown
 * @param pause for {@link Act#LATER}, {@link Act#PAUSE} and {@link Act#WAIT}: how long; zero where the exchange does not say
 */
public record Failure(String code, String message, Act act, Duration pause) {
    public enum Act {
        /** This call failed, nothing else. */
        NONE,
        /** Nobody knows whether the call was carried out. */
        UNKNOWN,
        /** The exchange cannot do it now; it may be asked again. */
        LATER,
        /** The log-in does not hold: log in again, once. Where no step logs in this call failed, nothing else. */
        LOG_IN,
        /** The connection is of no use any more. */
        RECONNECT,
        /** We ask too much: no call is sent before {@code pause} is over; the connection stays. */
        PAUSE,
        /** We ask too much: nobody of the endpoint group connects before {@code pause} is over. */
        WAIT,
        /** The credentials are wrong or may not: trying again makes it worse. */
        REFUSED
    }

    public Failure {
        Objects.requireNonNull(code);
        Objects.requireNonNull(message);
        Objects.requireNonNull(act);
        Objects.requireNonNull(pause);
    }

    public static Failure of(String code, String message, Act act) {
        return new Failure(code, message, act, Duration.ZERO);
    }

    @Override
    public String toString() {
        return code + " " + message;
    }
}
