// SPDX-License-Identifier: Apache-2.0
package io.holdfast.exchange.binance;

import io.holdfast.api.exchange.Cost;
import io.holdfast.api.exchange.ExchangeProfile;
import io.holdfast.api.exchange.ExchangeProfile.Acknowledgement;
import io.holdfast.api.exchange.ExchangeProfile.ChannelKey;
import io.holdfast.api.exchange.ExchangeProfile.ChannelsInUri;
import io.holdfast.api.exchange.ExchangeProfile.Envelope;
import io.holdfast.api.exchange.FrameRule;
import io.holdfast.api.exchange.FrameRule.Kind;
import io.holdfast.api.exchange.Limit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Market streams as plain data. Pure. */
final class StreamsProfile {
    /** Binance does not say how long a request may be; this holds some hundred names. */
    private static final int LONGEST_MESSAGE = 16 * 1024;

    /** What servers and proxies commonly take. */
    private static final int LONGEST_URI = 7_000;

    /** Connections end after a day. */
    static final Duration ROTATE_AFTER = Duration.ofHours(23);

    private static final String FRAMES = "frames";
    private static final int HEAD = 160;

    private StreamsProfile() {}

    static ExchangeProfile of(Endpoint endpoint, BinanceSettings settings) {
        return new ExchangeProfile(
                BinanceExchange.NAME,
                // USD-M takes numbers only.
                new Envelope("{\"method\":\"${method}\"${params},\"id\":${id}}", ",\"params\":", true),
                rules(endpoint),
                Optional.of(new ChannelKey("{\"stream\":\"", "{\"stream\":\"".length())),
                Acknowledgement.ALL,
                settings.channelsPerCall(),
                LONGEST_MESSAGE,
                List.of(frames(endpoint.market().framesPerSecond())),
                List.of(new Cost("*", FRAMES, 1)),
                settings.retry(),
                ROTATE_AFTER,
                BinanceSettings.MOST_STREAMS,
                settings.inUri() ? Optional.of(new ChannelsInUri("streams", "/", LONGEST_URI)) : Optional.empty());
    }

    /**
     * In no second more than one below what the server takes: pongs count too, and there is never more than one of them in a
     * second. A call of its own waits for none that went before, so that the network may bunch two of them.
     */
    private static Limit frames(int perSecond) {
        return new Limit(FRAMES, 1, perSecond - 2.0, true);
    }

    private static List<FrameRule> rules(Endpoint endpoint) {
        List<FrameRule> rules = new ArrayList<>();
        String notice = "{\"stream\":\"!serverShutdown\"";
        // As long as the literal, so that for data it is one comparison.
        rules.add(new FrameRule("notice", List.of(notice), notice.length(), Kind.EVENT, false));
        if (endpoint.part() == Endpoint.Part.PRIVATE) {
            rules.add(new FrameRule("listen key", List.of("\"listenKeyExpired\""), HEAD, Kind.EVENT, false));
        }
        rules.add(new FrameRule("data", List.of("{\"stream\":\""), 16, Kind.DATA, false));
        rules.add(new FrameRule("result", List.of("\"result\":"), 64, Kind.ANSWER, true));
        // Most of them do not say what they answer, so the listeners see them, too.
        rules.add(new FrameRule("refusal", List.of("{\"code\":"), 16, Kind.ANSWER, false));
        rules.add(new FrameRule("error", List.of("\"error\":"), 64, Kind.ANSWER, false));
        rules.add(new FrameRule("bare notice", List.of("\"serverShutdown\""), 64, Kind.EVENT, false));
        return rules;
    }
}
