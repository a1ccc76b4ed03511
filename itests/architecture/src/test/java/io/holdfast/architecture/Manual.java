// SPDX-License-Identifier: Apache-2.0
package io.holdfast.architecture;

import io.holdfast.api.options.Option;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The tables of options in a bundle's README: those whose first column is headed {@code option}, and that have a default. */
final class Manual {
    private static final Pattern COLUMNS = Pattern.compile("(?<!\\\\)\\|");
    private static final Set<String> EFFECT = Set.of("applies", "change", "live");

    /** One row: the texts of its cells by the headings of their columns. */
    private final List<Map.Entry<String, Map<String, String>>> rows = new ArrayList<>();

    Manual(String readme) {
        List<String> headings = List.of();
        for (String line : readme.lines().toList()) {
            if (!line.startsWith("|")) {
                headings = List.of();
                continue;
            }
            List<String> cells = cells(line);
            if (cells.get(0).equals("option") && cells.contains("default")) {
                headings = cells;
            } else if (!headings.isEmpty() && cells.get(0).startsWith("`")) {
                Map<String, String> row = new java.util.HashMap<>();
                for (int i = 1; i < Math.min(cells.size(), headings.size()); i++) {
                    row.put(headings.get(i), cells.get(i));
                }
                rows.add(Map.entry(cells.get(0).replace("`", ""), row));
            }
        }
    }

    private static List<String> cells(String line) {
        return Stream.of(COLUMNS.split(line.substring(1))).map(String::strip).toList();
    }

    /** What is wrong with it as the manual of these options; empty if nothing. */
    List<String> faults(List<Option> declared) {
        List<String> faults = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Option option : declared) {
            names.add(option.name());
            List<Map<String, String>> found = rows.stream()
                    .filter(row -> row.getKey().equals(option.name()))
                    .map(Map.Entry::getValue)
                    .toList();
            if (found.isEmpty()) {
                faults.add(option.name() + " has no row");
            }
            found.forEach(row -> check(option, row, faults));
        }
        rows.stream()
                .map(Map.Entry::getKey)
                .filter(name -> !names.contains(name))
                .forEach(name -> faults.add(name + " is no option"));
        return faults;
    }

    private static void check(Option option, Map<String, String> row, List<String> faults) {
        String value = row.getOrDefault("default", "");
        String wanted = option.defaultText();
        if (wanted.isEmpty() ? value.matches("`[^`]*`") : !value.equals("`" + wanted + "`")) {
            faults.add(option.name() + " has the default " + (wanted.isEmpty() ? "none" : wanted) + ", not " + value);
        }
        String type = row.getOrDefault("type", "");
        boolean named =
                option.choices().stream().filter(choice -> !choice.isEmpty()).allMatch(type::contains)
                        && !option.choices().isEmpty();
        if (!named && !type.startsWith(option.type().name().toLowerCase(Locale.ROOT))) {
            faults.add(option.name() + " is a " + option.type() + ", not " + type);
        }
        for (String heading : EFFECT) {
            String effect = row.get(heading);
            boolean live = option.effect() == Option.Effect.LIVE;
            if (effect != null && (effect.equals("live") || effect.equals("yes")) != live) {
                faults.add(option.name() + " applies " + option.effect() + ", not " + effect);
            }
        }
    }
}
