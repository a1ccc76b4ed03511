// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.options;

import java.lang.reflect.Array;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/** Turns a raw value into the type an {@link Option} declares. */
final class OptionReader {
    private OptionReader() {}

    static Object read(Option option, Object raw) {
        if (raw == null) {
            throw new InvalidOptionException(option.name(), "has no value");
        }
        if (option.type() == Option.Type.TEXTS) {
            return texts(option, raw);
        }
        String text = single(option.name(), raw).trim();
        if (!option.choices().isEmpty() && !option.choices().contains(text)) {
            throw new InvalidOptionException(option.name(), "must be one of " + String.join(", ", option.choices()));
        }
        try {
            return switch (option.type()) {
                case TEXT, TEXTS -> text;
                case INTEGER -> Integer.valueOf(text);
                case DECIMAL -> decimal(text);
                case BOOLEAN -> bool(text);
                case DURATION -> Durations.parse(text);
                case URI -> URI.create(text);
            };
        } catch (NumberFormatException e) {
            throw new InvalidOptionException(option.name(), "must be a number");
        } catch (IllegalArgumentException e) {
            // The JDK's text would repeat the value, which may hold a token in its query.
            throw new InvalidOptionException(
                    option.name(), option.type() == Option.Type.URI ? "is not a URI" : e.getMessage());
        }
    }

    /** The text of one value; several would turn into a text that nobody wrote. */
    static String single(String name, Object raw) {
        if (raw instanceof Collection || (raw != null && raw.getClass().isArray())) {
            throw new InvalidOptionException(name, "takes one value, not several");
        }
        return Objects.toString(raw, "");
    }

    private static Double decimal(String text) {
        double d = Double.parseDouble(text);
        if (!Double.isFinite(d)) {
            throw new NumberFormatException();
        }
        return d;
    }

    private static Boolean bool(String text) {
        return switch (text) {
            case "true" -> Boolean.TRUE;
            case "false" -> Boolean.FALSE;
            default -> throw new IllegalArgumentException("must be true or false");
        };
    }

    private static List<String> texts(Option option, Object raw) {
        List<String> all = new ArrayList<>();
        if (raw instanceof Collection<?> c) {
            c.forEach(x -> all.add(Objects.toString(x, "")));
        } else if (raw.getClass().isArray()) {
            for (int i = 0; i < Array.getLength(raw); i++) {
                all.add(Objects.toString(Array.get(raw, i), ""));
            }
        } else {
            all.add(raw.toString());
        }
        return List.copyOf(all);
    }
}
