// SPDX-License-Identifier: Apache-2.0
package io.holdfast.exchange.deribit;

import static io.holdfast.api.options.Option.Effect.LIVE;

import io.holdfast.api.options.Durations;
import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.api.options.Option;
import io.holdfast.api.options.OptionSet;
import io.holdfast.api.options.OptionValues;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The options of a Deribit session, checked.
 *
 * @param refresh part of the log-in's life after which it is refreshed
 * @param limit time for the answer to each step
 * @param silences thresholds by beginning of the channel's name; the first that fits decides
 */
record DeribitSettings(
        boolean hello,
        Auth auth,
        String scope,
        String cancelOnDisconnect,
        double refresh,
        Duration limit,
        Duration retry,
        int channelsPerCall,
        List<Silence> silences) {
    enum Auth {
        NONE,
        CLIENT_CREDENTIALS,
        CLIENT_SIGNATURE
    }

    /** @param beginning of the name, or all of it where {@code whole} */
    record Silence(String beginning, boolean whole, Duration limit) {
        boolean fits(String channel) {
            return whole ? channel.equals(beginning) : channel.startsWith(beginning);
        }
    }

    private static final String HELLO = "exchange.hello";
    private static final String AUTH = "exchange.auth";
    private static final String SCOPE = "exchange.scope";
    private static final String CANCEL = "exchange.cancel.on.disconnect";
    private static final String REFRESH = "exchange.refresh";
    private static final String LIMIT = "exchange.limit";
    private static final String RETRY = "exchange.retry";
    private static final String PER_CALL = "exchange.channels.per.call";
    private static final String SILENCE = "exchange.silence";

    /** The exchange's own bound. */
    private static final int MOST_PER_CALL = 500;

    private static final Duration LONGEST = Duration.ofHours(1);

    static final OptionSet OPTIONS = OptionSet.of(
            Option.flag(HELLO, true, LIVE, "Say public/hello first on every connection."),
            Option.choice(
                    AUTH,
                    "none",
                    LIVE,
                    List.of("none", "client_credentials", "client_signature"),
                    "How to log in; the client's credentials must have exchange.client.id, and exchange.client.secret unless a Signer signs."),
            Option.text(
                    SCOPE,
                    "connection",
                    LIVE,
                    "Scope asked for, for instance 'connection' or 'session:NAME trade:read_write'."),
            Option.choice(
                    CANCEL,
                    "none",
                    LIVE,
                    List.of("none", "connection", "account"),
                    "Have Deribit cancel orders when the connection is lost."),
            Option.decimal(
                    REFRESH,
                    0.8,
                    LIVE,
                    "Part of the life of a log-in, as the server tells it, after which it is refreshed; 0.1 to 0.95."),
            Option.duration(
                    LIMIT,
                    Duration.ofSeconds(10),
                    LIVE,
                    "Limit for the answer to each step of the log-in and to each subscription."),
            Option.duration(
                    RETRY,
                    Duration.ofSeconds(30),
                    LIVE,
                    "Before a channel that was left out is asked for again, doubling up to 32 times of it; and between two resynchronisations of one channel."),
            Option.integer(PER_CALL, MOST_PER_CALL, LIVE, "Most channels in one call, at most 500."),
            Option.text(
                    SILENCE,
                    "deribit_price_index.*=30s",
                    LIVE,
                    "Silence after which a channel is subscribed anew, for instance 'ticker.*=1m,book.BTC-PERPETUAL.100ms=2m'; the first that fits. Channels without one may be quiet."));

    static DeribitSettings of(OptionValues values) {
        int perCall = values.integer(PER_CALL, 1);
        if (perCall > MOST_PER_CALL) {
            throw new InvalidOptionException(PER_CALL, "must not be above " + MOST_PER_CALL);
        }
        Auth auth = switch (values.text(AUTH)) {
            case "client_credentials" -> Auth.CLIENT_CREDENTIALS;
            case "client_signature" -> Auth.CLIENT_SIGNATURE;
            default -> Auth.NONE;
        };
        String cancel = values.text(CANCEL);
        if (auth == Auth.NONE && !cancel.equals("none")) {
            throw new InvalidOptionException(CANCEL, "needs a log-in, and exchange.auth is none");
        }
        return new DeribitSettings(
                values.flag(HELLO),
                auth,
                values.text(SCOPE),
                cancel,
                values.decimal(REFRESH, 0.1, 0.95),
                bounded(values, LIMIT),
                bounded(values, RETRY),
                perCall,
                silences(values.optionalText(SILENCE).orElse("")));
    }

    private static Duration bounded(OptionValues values, String name) {
        Duration d = values.positive(name);
        if (d.compareTo(LONGEST) > 0) {
            throw new InvalidOptionException(name, "must not be above " + Durations.format(LONGEST));
        }
        return d;
    }

    private static List<Silence> silences(String text) {
        List<Silence> all = new ArrayList<>();
        for (String part : text.isBlank() ? new String[0] : text.split(",")) {
            int at = part.indexOf('=');
            if (at < 1) {
                throw new InvalidOptionException(
                        SILENCE, "each must be 'CHANNEL=DURATION', a '*' at the end of CHANNEL fits the rest");
            }
            String name = part.substring(0, at).trim();
            boolean whole = !name.endsWith("*");
            try {
                Duration limit = Durations.parse(part.substring(at + 1));
                all.add(new Silence(whole ? name : name.substring(0, name.length() - 1), whole, limit));
            } catch (IllegalArgumentException e) {
                throw new InvalidOptionException(SILENCE, "'" + name + "': " + e.getMessage());
            }
        }
        return List.copyOf(all);
    }

    Duration silence(String channel) {
        return silences.stream()
                .filter(s -> s.fits(channel))
                .findFirst()
                .map(Silence::limit)
                .orElse(Duration.ZERO);
    }
}
