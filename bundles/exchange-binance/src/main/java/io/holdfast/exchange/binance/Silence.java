// SPDX-License-Identifier: Apache-2.0
package io.holdfast.exchange.binance;

import io.holdfast.api.options.Durations;
import io.holdfast.api.options.InvalidOptionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How long streams of some names may be silent.
 *
 * @param names matches the whole name
 */
record Silence(Pattern names, Duration limit) {
    /** @param text {@code NAME=DURATION,...}; a {@code *} in NAME fits anything */
    static List<Silence> parse(String option, String text) {
        List<Silence> all = new ArrayList<>();
        for (String part : text.isBlank() ? new String[0] : text.split(",")) {
            int at = part.indexOf('=');
            if (at < 1) {
                throw new InvalidOptionException(
                        option, "each must be 'STREAM=DURATION', a '*' in STREAM fits anything");
            }
            String name = part.substring(0, at).trim();
            try {
                Pattern names = Pattern.compile(Pattern.quote(name).replace("*", "\\E.*\\Q"));
                all.add(new Silence(names, Durations.parse(part.substring(at + 1))));
            } catch (IllegalArgumentException e) {
                throw new InvalidOptionException(option, "'" + name + "': " + e.getMessage());
            }
        }
        return List.copyOf(all);
    }

    boolean fits(String name) {
        return names.matcher(name).matches();
    }
}
