// SPDX-License-Identifier: Apache-2.0
package io.holdfast.exchange.binance;

import com.google.gson.JsonObject;
import io.holdfast.api.exchange.Failure;
import io.holdfast.api.exchange.Failure.Act;
import java.time.Duration;

/** What the errors of the WebSocket API mean for a connection. Pure. */
final class BinanceErrors {
    private static final long BANNED = 418;
    private static final long LIMITED = 429;
    private static final long SERVER = 500;
    private static final String TOO_MANY_ORDERS = "-1015";

    /** The shortest ban there is; used only where the server does not say until when. */
    private static final Duration SHORTEST_BAN = Duration.ofMinutes(2);

    /** Weights are counted by the minute. */
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** Attempts to connect are counted over so long. */
    private static final Duration ATTEMPTS = Duration.ofMinutes(5);

    /** No ban lasts longer. */
    private static final Duration LONGEST = Duration.ofDays(3);

    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration LATER = Duration.ofSeconds(10);

    private BinanceErrors() {}

    /** @param status of the answer, as in HTTP */
    static Failure failure(long status, JsonObject error) {
        String code = Json.text(error, "code");
        String message = Json.text(error, "msg");
        JsonObject data = Json.object(error, "data");
        if (status == BANNED) {
            return new Failure(code, message, Act.WAIT, until(data, SHORTEST_BAN));
        }
        // Too many orders are an account's matter: everything else, cancelling too, may go on.
        boolean orders = code.equals(TOO_MANY_ORDERS);
        if (status == LIMITED && !orders || code.equals("-1003")) {
            return new Failure(code, message, Act.PAUSE, until(data, MINUTE));
        }
        return switch (code) {
            case "-1034" -> new Failure(code, message, Act.WAIT, ATTEMPTS);
            // signature, format of the key, key or its permissions
            case "-1022", "-2014", "-2015" -> Failure.of(code, message, Act.REFUSED);
            // no answer from behind in time: it may have been carried out
            case "-1006", "-1007" -> Failure.of(code, message, Act.UNKNOWN);
            // disconnected inside: by the status it may have been carried out
            case "-1001" ->
                status >= SERVER ? Failure.of(code, message, Act.UNKNOWN) : new Failure(code, message, Act.LATER, SOON);
            // overloaded
            case "-1008" -> new Failure(code, message, Act.LATER, SOON);
            case TOO_MANY_ORDERS -> new Failure(code, message, Act.LATER, until(data, LATER));
            // shutting down, our clock
            case "-1016", "-1021" -> new Failure(code, message, Act.LATER, LATER);
            default -> Failure.of(code, message, status >= SERVER ? Act.UNKNOWN : Act.NONE);
        };
    }

    /** Both moments are the server's, so that our clock does not matter. */
    private static Duration until(JsonObject data, Duration otherwise) {
        long end = Json.number(data, "retryAfter", -1);
        long from = Json.number(data, "serverTime", -1);
        if (end < 0 || from < 0 || end <= from) {
            return otherwise;
        }
        Duration pause = Duration.ofMillis(end - from);
        return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
    }
}
