// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.endpoint;

import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.api.options.Option;
import io.holdfast.api.options.Option.Effect;
import io.holdfast.api.options.OptionSet;
import io.holdfast.api.options.OptionValues;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The options of one endpoint group, read from a configuration of {@code io.holdfast.endpoints}. Immutable. */
public final class EndpointGroupOptions {
    private static final AttemptPolicy DEFAULTS = AttemptPolicy.DEFAULT;
    private static final OptionSet OPTIONS = OptionSet.of(
            Option.texts(
                    "host.patterns",
                    Effect.LIVE,
                    "Host names of the group; * stands for any characters, ? for one. The most specific pattern of all groups decides."),
            Option.integer(
                    "attempts",
                    DEFAULTS.attempts(),
                    Effect.LIVE,
                    "Connect attempts allowed in every window, 1 to 1000; set it below what the exchange allows."),
            Option.duration("window", DEFAULTS.window(), Effect.LIVE, "Length of the sliding window, at most 1d."),
            Option.integer(
                    "burst",
                    DEFAULTS.burst(),
                    Effect.LIVE,
                    "Clients that may reconnect without delay after the loss of a stable connection, refilled evenly over the window; as many attempts, at most half, are reserved for them."),
            Option.integer(
                    "connections.max",
                    DEFAULTS.maxConnections(),
                    Effect.LIVE,
                    "Connections and attempts at a time over all clients; 0: any number."),
            Option.flag(
                    "limits.shared",
                    false,
                    Effect.RECONNECT,
                    "Whether the clients of the group share the limits that their exchange plugin knows, as those of one account or address do; from the next connection of each."));

    private final List<HostPattern> patterns;
    private final AttemptPolicy policy;
    private final boolean limitsShared;

    private EndpointGroupOptions(OptionValues values) {
        patterns = patterns(values.texts("host.patterns"));
        policy = new AttemptPolicy(
                atMost("attempts", values.integer("attempts", 1), AttemptPolicy.MOST_ATTEMPTS),
                window(values.positive("window")),
                atMost("burst", values.integer("burst", 0), AttemptPolicy.MOST_ATTEMPTS),
                values.integer("connections.max", 0));
        limitsShared = values.flag("limits.shared");
    }

    /**
     * Reads a configuration or any map with the same names.
     *
     * @throws InvalidOptionException naming the first option that cannot be accepted
     */
    public static EndpointGroupOptions of(Map<String, ?> map) {
        return new EndpointGroupOptions(OPTIONS.parse(map));
    }

    /** The declarations, for documentation and Metatype. */
    public static List<Option> declared() {
        return OPTIONS.options();
    }

    List<HostPattern> patterns() {
        return patterns;
    }

    public List<String> hostPatterns() {
        return patterns.stream().map(HostPattern::glob).toList();
    }

    public boolean limitsShared() {
        return limitsShared;
    }

    public AttemptPolicy policy() {
        return policy;
    }

    private static List<HostPattern> patterns(List<String> globs) {
        if (globs.isEmpty()) {
            throw new InvalidOptionException("host.patterns", "is required");
        }
        List<HostPattern> all = new ArrayList<>();
        for (String glob : globs) {
            try {
                all.add(new HostPattern(glob));
            } catch (IllegalArgumentException e) {
                throw new InvalidOptionException("host.patterns", e.getMessage());
            }
        }
        return List.copyOf(all);
    }

    private static Duration window(Duration window) {
        if (window.compareTo(AttemptPolicy.LONGEST_WINDOW) > 0) {
            throw new InvalidOptionException("window", "must be at most 1d");
        }
        return window;
    }

    private static int atMost(String name, int value, int maximum) {
        if (value > maximum) {
            throw new InvalidOptionException(name, "must be at most " + maximum);
        }
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EndpointGroupOptions o
                && patterns.equals(o.patterns)
                && policy.equals(o.policy)
                && limitsShared == o.limitsShared;
    }

    @Override
    public int hashCode() {
        return 31 * patterns.hashCode() + policy.hashCode();
    }

    @Override
    public String toString() {
        return "EndpointGroupOptions[" + hostPatterns() + ", " + policy + "]";
    }
}
