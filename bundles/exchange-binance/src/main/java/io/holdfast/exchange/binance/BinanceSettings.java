// SPDX-License-Identifier: Apache-2.0
package io.holdfast.exchange.binance;

import static io.holdfast.api.options.Option.Effect.LIVE;

import io.holdfast.api.options.Durations;
import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.api.options.Option;
import io.holdfast.api.options.OptionSet;
import io.holdfast.api.options.OptionValues;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The options of a Binance session, checked.
 *
 * @param market empty where the address tells
 * @param inUri whether the address of a connection names its streams
 * @param receiveWindow how old a signed request may become
 * @param limit time for the answer to each step
 * @param weightPerMinute what an address of the network may ask of the WebSocket API
 * @param ordersPerTenSeconds what an account may
 * @param silences the first that fits decides
 */
record BinanceSettings(
        Optional<Market> market,
        boolean inUri,
        Auth auth,
        boolean userData,
        Duration receiveWindow,
        Duration limit,
        Duration retry,
        int channelsPerCall,
        int weightPerMinute,
        int ordersPerTenSeconds,
        List<Silence> silences) {
    enum Auth {
        NONE,
        /** The session is logged in. */
        ED25519,
        /** There is no log-in with such keys: what needs one is signed by itself. */
        HMAC
    }

    static final String MARKET = "exchange.market";
    static final String SUBSCRIBE = "exchange.subscribe";
    static final String AUTH = "exchange.auth";
    static final String USER_DATA = "exchange.user.data";
    private static final String RECEIVE_WINDOW = "exchange.receive.window";
    private static final String LIMIT = "exchange.limit";
    private static final String RETRY = "exchange.retry";
    private static final String PER_CALL = "exchange.channels.per.call";
    private static final String WEIGHT = "exchange.weight.per.minute";
    private static final String ORDERS = "exchange.orders.per.10s";
    private static final String SILENCE = "exchange.silence";

    /** The exchange's own bounds. */
    static final int MOST_STREAMS = 1024;

    private static final Duration WIDEST_WINDOW = Duration.ofSeconds(60);

    private static final Duration LONGEST = Duration.ofHours(1);

    static final OptionSet OPTIONS = OptionSet.of(
            Option.choice(
                    MARKET,
                    "auto",
                    LIVE,
                    List.of("auto", "spot", "usdm", "coinm"),
                    "The market; 'auto' tells it by host and path of the uri."),
            Option.choice(
                    SUBSCRIBE,
                    "live",
                    LIVE,
                    List.of("live", "uri"),
                    "How streams are asked for: by SUBSCRIBE, or named in the address of each new connection."),
            Option.choice(
                    AUTH,
                    "none",
                    LIVE,
                    List.of("none", "ed25519", "hmac"),
                    "WebSocket API: session.logon with an Ed25519 key, or signatures with an HMAC key, for which there is no log-in."),
            Option.flag(
                    USER_DATA, false, LIVE, "WebSocket API: subscribe to the account's events on every connection."),
            Option.duration(
                    RECEIVE_WINDOW,
                    Duration.ofSeconds(5),
                    LIVE,
                    "How old a signed request may become before the server refuses it, at most 60s."),
            Option.duration(
                    LIMIT,
                    Duration.ofSeconds(10),
                    LIVE,
                    "Limit for the answer to each step of the log-in, to each subscription and list."),
            Option.duration(
                    RETRY,
                    Duration.ofSeconds(30),
                    LIVE,
                    "Before a stream that the server does not list is asked for again, doubling up to 32 times of it; and between two resubscriptions of one stream."),
            Option.integer(PER_CALL, 200, LIVE, "Most streams in one SUBSCRIBE, at most 1024."),
            Option.integer(WEIGHT, 6000, LIVE, "WebSocket API: request weight that the server allows in a minute."),
            Option.integer(ORDERS, 50, LIVE, "WebSocket API: orders that the server allows in ten seconds."),
            Option.text(
                    SILENCE,
                    "*@markPrice*=30s",
                    LIVE,
                    "Silence after which a stream is subscribed anew, for instance 'btcusdt@bookTicker=1m,*@aggTrade=10m'; the first that fits. Streams without one may be quiet."));

    static BinanceSettings of(OptionValues values) {
        int perCall = values.integer(PER_CALL, 1);
        if (perCall > MOST_STREAMS) {
            throw new InvalidOptionException(PER_CALL, "must not be above " + MOST_STREAMS);
        }
        Auth auth = Auth.valueOf(values.text(AUTH).toUpperCase(Locale.ROOT));
        boolean userData = values.flag(USER_DATA);
        if (userData && auth == Auth.NONE) {
            throw new InvalidOptionException(USER_DATA, "needs a key, and exchange.auth is none");
        }
        String market = values.text(MARKET);
        return new BinanceSettings(
                market.equals("auto") ? Optional.empty() : Optional.of(Market.of(market)),
                values.text(SUBSCRIBE).equals("uri"),
                auth,
                userData,
                bounded(values, RECEIVE_WINDOW, WIDEST_WINDOW),
                bounded(values, LIMIT, LONGEST),
                bounded(values, RETRY, LONGEST),
                perCall,
                values.integer(WEIGHT, 500),
                values.integer(ORDERS, 2),
                Silence.parse(SILENCE, values.optionalText(SILENCE).orElse("")));
    }

    private static Duration bounded(OptionValues values, String name, Duration longest) {
        Duration d = values.positive(name);
        if (d.compareTo(longest) > 0) {
            throw new InvalidOptionException(name, "must not be above " + Durations.format(longest));
        }
        return d;
    }

    Duration silence(String stream) {
        return silences.stream()
                .filter(s -> s.fits(stream))
                .findFirst()
                .map(Silence::limit)
                .orElse(Duration.ZERO);
    }
}
