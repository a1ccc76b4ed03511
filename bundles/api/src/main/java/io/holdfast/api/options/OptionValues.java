// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.options;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What {@link OptionSet#parse} read: typed values, defaults filled in. Immutable. */
public final class OptionValues {
    private final Map<String, Object> given;

    /** Of the set: the same for everybody, so that ten thousand clients do not hold them ten thousand times. */
    private final Map<String, Object> defaults;

    private final Map<String, String> passed;

    OptionValues(Map<String, Object> given, Map<String, Object> defaults, Map<String, String> passed) {
        this.given = Map.copyOf(given);
        this.defaults = defaults;
        this.passed = Map.copyOf(passed);
    }

    private Object value(String name) {
        Object own = given.get(name);
        return own != null ? own : defaults.get(name);
    }

    public boolean has(String name) {
        return value(name) != null;
    }

    /** Whether it was given, be it with its default's value. */
    public boolean isGiven(String name) {
        return given.containsKey(name);
    }

    /** The same values but for one text, which is not checked. */
    public OptionValues with(String name, String text) {
        Map<String, Object> more = new HashMap<>(given);
        more.put(name, text);
        return new OptionValues(more, defaults, passed);
    }

    /** The same values but for one, which then has its default. */
    public OptionValues without(String name) {
        Map<String, Object> fewer = new HashMap<>(given);
        fewer.remove(name);
        return new OptionValues(fewer, defaults, passed);
    }

    public String text(String name) {
        return get(name, String.class);
    }

    public Optional<String> optionalText(String name) {
        return Optional.ofNullable((String) value(name)).filter(s -> !s.isEmpty());
    }

    @SuppressWarnings("unchecked")
    public List<String> texts(String name) {
        Object texts = value(name);
        return texts == null ? List.of() : (List<String>) texts;
    }

    /** @throws InvalidOptionException unless the value is at least {@code minimum} */
    public int integer(String name, int minimum) {
        int n = get(name, Integer.class);
        if (n < minimum) {
            throw new InvalidOptionException(name, "must be at least " + minimum);
        }
        return n;
    }

    /** @throws InvalidOptionException unless the value lies within the bounds, both included */
    public double decimal(String name, double minimum, double maximum) {
        double d = get(name, Double.class);
        if (d < minimum || d > maximum) {
            throw new InvalidOptionException(name, "must be from " + minimum + " to " + maximum);
        }
        return d;
    }

    public boolean flag(String name) {
        return get(name, Boolean.class);
    }

    /** A duration that may be zero. */
    public Duration duration(String name) {
        return get(name, Duration.class);
    }

    /** @throws InvalidOptionException if the duration is zero */
    public Duration positive(String name) {
        Duration d = duration(name);
        if (d.isZero()) {
            throw new InvalidOptionException(name, "must be positive");
        }
        return d;
    }

    public URI uri(String name) {
        return get(name, URI.class);
    }

    /** Whether an option has the same value in both, given or by default. */
    public boolean same(OptionValues other, String name) {
        return Objects.equals(value(name), other.value(name));
    }

    /** The options behind an open prefix, unread, with their full names. */
    public Map<String, String> passed() {
        return passed;
    }

    /** Equal to what was read by the same set and has the same given values. */
    @Override
    public boolean equals(Object other) {
        return other instanceof OptionValues o
                && defaults == o.defaults
                && given.equals(o.given)
                && passed.equals(o.passed);
    }

    @Override
    public int hashCode() {
        return 31 * given.hashCode() + passed.hashCode();
    }

    private <T> T get(String name, Class<T> type) {
        Object v = value(name);
        if (v == null) {
            throw new InvalidOptionException(name, "is required");
        }
        return type.cast(v);
    }
}
