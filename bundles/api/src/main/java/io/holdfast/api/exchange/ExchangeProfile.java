// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.exchange;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What the engine executes by itself, as plain data. Immutable; holds no object of the plugin.
 *
 * @param type as in {@link ExchangeFactory#TYPE}
 * @param envelope how a call becomes a text
 * @param frames what a text message of the server is; the first rule that matches decides, and one that none matches is
 *     delivered as it is
 * @param channelKey where a frame of data names its channel
 * @param acknowledgement which channels an accepted subscription has
 * @param channelsPerCall most channels in one call
 * @param bytesPerMessage longest message the server takes, bytes
 * @param limits what the server allows; the engine waits rather than exceed one
 * @param costs what a call takes from the limits; the first that fits decides for each limit
 * @param retry before channels that were not accepted are asked for again; doubles with each time, up to 32 times of it
 * @param rotateAfter the age at which a connection is replaced by a new one that is set up beside it, before the server ends
 *     it; the client's option {@code rotate.after} goes before it. Zero: none
 * @param channelsPerConnection most channels that one connection may have; those beyond are refused here
 * @param channelsInUri how the address of a connection names channels, which then need no call; empty where it does not
 */
public record ExchangeProfile(
        String type,
        Envelope envelope,
        List<FrameRule> frames,
        Optional<ChannelKey> channelKey,
        Acknowledgement acknowledgement,
        int channelsPerCall,
        int bytesPerMessage,
        List<Limit> limits,
        List<Cost> costs,
        Duration retry,
        Duration rotateAfter,
        int channelsPerConnection,
        Optional<ChannelsInUri> channelsInUri) {

    /** What the answer to a subscription says. */
    public enum Acknowledgement {
        /** The answer lists the channels that were accepted; one that is missing was not. */
        LISTED,
        /** An answer without error accepts all, whatever that is worth. */
        ALL
    }

    /** For an exchange whose connections may have as many channels as they like, and none in the address. */
    public ExchangeProfile(
            String type,
            Envelope envelope,
            List<FrameRule> frames,
            Optional<ChannelKey> channelKey,
            Acknowledgement acknowledgement,
            int channelsPerCall,
            int bytesPerMessage,
            List<Limit> limits,
            List<Cost> costs,
            Duration retry,
            Duration rotateAfter) {
        this(
                type,
                envelope,
                frames,
                channelKey,
                acknowledgement,
                channelsPerCall,
                bytesPerMessage,
                limits,
                costs,
                retry,
                rotateAfter,
                Integer.MAX_VALUE,
                Optional.empty());
    }

    /** The same for connections that may become as old as they like. */
    public ExchangeProfile(
            String type,
            Envelope envelope,
            List<FrameRule> frames,
            Optional<ChannelKey> channelKey,
            Acknowledgement acknowledgement,
            int channelsPerCall,
            int bytesPerMessage,
            List<Limit> limits,
            List<Cost> costs,
            Duration retry) {
        this(
                type,
                envelope,
                frames,
                channelKey,
                acknowledgement,
                channelsPerCall,
                bytesPerMessage,
                limits,
                costs,
                retry,
                Duration.ZERO);
    }

    public ExchangeProfile {
        Objects.requireNonNull(type);
        Objects.requireNonNull(envelope);
        frames = List.copyOf(frames);
        Objects.requireNonNull(channelKey);
        Objects.requireNonNull(acknowledgement);
        if (channelsPerCall < 1 || bytesPerMessage < 1) {
            throw new IllegalArgumentException("channelsPerCall and bytesPerMessage must be positive");
        }
        limits = List.copyOf(limits);
        costs = List.copyOf(costs);
        for (Cost cost : costs) {
            Limit limit = limits.stream()
                    .filter(l -> l.name().equals(cost.limit()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no limit '" + cost.limit() + "'"));
            if (cost.amount() > limit.capacity()) {
                throw new IllegalArgumentException("a call costs more than limit '" + limit.name() + "' ever has");
            }
        }
        if (retry.isZero() || retry.isNegative()) {
            throw new IllegalArgumentException("retry must be positive");
        }
        if (rotateAfter.isNegative()) {
            throw new IllegalArgumentException("rotateAfter must not be negative");
        }
        if (channelsPerConnection < 1) {
            throw new IllegalArgumentException("channelsPerConnection must be positive");
        }
        Objects.requireNonNull(channelsInUri);
    }

    /**
     * How a call becomes a text.
     *
     * @param text with {@code ${id}}, {@code ${method}} and {@code ${params}}
     * @param beforeParams stands before the parameters, and is left out with them
     * @param numericId whether ids are digits only; else they begin with {@link #ID_PREFIX}
     */
    public record Envelope(String text, String beforeParams, boolean numericId) {
        /** What all ids of the engine begin with that are not numeric: tells its answers from those to users' own messages. */
        public static final String ID_PREFIX = "hf";

        public Envelope {
            Objects.requireNonNull(text);
            Objects.requireNonNull(beforeParams);
            if (!text.contains("${id}") && !text.contains("${method}")) {
                throw new IllegalArgumentException("an envelope needs ${id} or ${method}");
            }
        }

        /** Parameters are put in as they are, whatever they contain. */
        public String seal(String id, Call call) {
            String params = call.params().isEmpty() ? "" : beforeParams + call.params();
            int at = text.indexOf("${params}");
            String head = at < 0 ? text : text.substring(0, at);
            String tail = at < 0 ? "" : text.substring(at + "${params}".length());
            return fill(head, id, call) + (at < 0 ? "" : params) + fill(tail, id, call);
        }

        private static String fill(String part, String id, Call call) {
            return part.replace("${id}", id).replace("${method}", call.method());
        }
    }

    /**
     * Where a frame of data names its channel: behind a literal, up to the next quotation mark.
     *
     * @param before the literal (ASCII), its quotation mark included
     * @param within how far into the frame the literal is looked for, bytes
     */
    public record ChannelKey(String before, int within) {
        public ChannelKey {
            if (before.isEmpty() || within < before.length()) {
                throw new IllegalArgumentException("a channel key needs a literal and room for it");
            }
        }
    }

    /**
     * How an address names channels: {@code ?parameter=a/b/c}. Data of those may come from the first moment on, and
     * is delivered from then on, whatever the connection's set-up still waits for.
     *
     * @param parameter of the query
     * @param separator between two names
     * @param longest how long the address may become, characters; channels for which there is no room are asked for by call
     */
    public record ChannelsInUri(String parameter, String separator, int longest) {
        public ChannelsInUri {
            if (parameter.isEmpty() || separator.isEmpty() || longest < 1) {
                throw new IllegalArgumentException("channels in an address need a parameter, a separator and room");
            }
        }
    }
}
