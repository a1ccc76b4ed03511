// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.options;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * The declaration of one option: the single source of its parsing, its Metatype attribute and its row in a README.
 *
 * @param name as it stands in a configuration, lower case with dots
 * @param type how its text is read
 * @param defaultText the default as a user would write it; empty when the option has none
 * @param effect when a changed value is used
 * @param choices the only accepted values, empty when not restricted
 * @param description one sentence for users, with the unit where it is not part of the value
 */
public record Option(
        String name, Type type, String defaultText, Effect effect, List<String> choices, String description) {

    /** How an option's text is read. */
    public enum Type {
        TEXT,
        /** Several texts: an array, a collection, or one text. */
        TEXTS,
        INTEGER,
        DECIMAL,
        BOOLEAN,
        /** A number with one of the units ms, s, m, h, d, for instance {@code 250ms}. */
        DURATION,
        URI
    }

    /** When a changed value is used. */
    public enum Effect {
        /** From the next decision on; no socket is touched. */
        LIVE,
        /** By one planned reconnect, not counted as a failure. */
        RECONNECT,
        /** Only a new component or client takes it. */
        RESTART
    }

    public Option {
        Objects.requireNonNull(name);
        Objects.requireNonNull(type);
        Objects.requireNonNull(defaultText);
        Objects.requireNonNull(effect);
        choices = List.copyOf(choices);
        Objects.requireNonNull(description);
    }

    public static Option text(String name, String defaultText, Effect effect, String description) {
        return new Option(name, Type.TEXT, defaultText, effect, List.of(), description);
    }

    public static Option texts(String name, Effect effect, String description) {
        return new Option(name, Type.TEXTS, "", effect, List.of(), description);
    }

    public static Option choice(
            String name, String defaultText, Effect effect, List<String> choices, String description) {
        return new Option(name, Type.TEXT, defaultText, effect, choices, description);
    }

    public static Option integer(String name, int defaultValue, Effect effect, String description) {
        return new Option(name, Type.INTEGER, Integer.toString(defaultValue), effect, List.of(), description);
    }

    public static Option decimal(String name, double defaultValue, Effect effect, String description) {
        return new Option(name, Type.DECIMAL, Double.toString(defaultValue), effect, List.of(), description);
    }

    public static Option flag(String name, boolean defaultValue, Effect effect, String description) {
        return new Option(name, Type.BOOLEAN, Boolean.toString(defaultValue), effect, List.of(), description);
    }

    public static Option duration(String name, Duration defaultValue, Effect effect, String description) {
        return new Option(name, Type.DURATION, Durations.format(defaultValue), effect, List.of(), description);
    }

    public static Option uri(String name, Effect effect, String description) {
        return new Option(name, Type.URI, "", effect, List.of(), description);
    }
}
