// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.options;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * All options of one PID or plugin, and the one strict way of reading them: an unknown name is an error that names the
 * nearest known option, a wrong value is an error that names the option, a name that looks like a secret is refused.
 * Immutable and thread-safe.
 */
public final class OptionSet {
    /** What containers and tools add to every configuration; not ours to judge. */
    private static final List<String> FOREIGN_PREFIXES =
            List.of("component.", "service.", "osgi.", "felix.", "config.", "webconsole.", ".", "tag.");

    private static final List<String> FOREIGN_SUFFIXES = List.of(".target", ".cardinality.minimum");
    private static final List<String> FOREIGN_NAMES = List.of("objectClass", "felix.fileinstall.filename");
    private static final List<String> SECRET_WORDS = List.of(
            "authorization", "secret", "password", "passwd", "apikey", "api.key", "privatekey", "private.key", "token");

    private final Map<String, Option> options;
    private final Map<String, Object> defaults;
    private final List<String> openPrefixes;

    private OptionSet(Map<String, Option> options, List<String> openPrefixes) {
        this.options = options;
        this.openPrefixes = openPrefixes;
        Map<String, Object> read = new LinkedHashMap<>();
        for (Option o : options.values()) {
            if (!o.defaultText().isEmpty()) {
                read.put(o.name(), OptionReader.read(o, o.defaultText()));
            }
        }
        this.defaults = Map.copyOf(read);
    }

    public static OptionSet of(Option... options) {
        return of(List.of(options));
    }

    public static OptionSet of(Collection<Option> options) {
        Map<String, Option> byName = new LinkedHashMap<>();
        for (Option o : options) {
            if (byName.put(o.name(), o) != null) {
                throw new IllegalArgumentException("declared twice: " + o.name());
            }
        }
        return new OptionSet(byName, List.of());
    }

    /** The same set which also lets through every name that begins with the prefix, unread: somebody else's options. */
    public OptionSet open(String prefix) {
        List<String> prefixes = new ArrayList<>(openPrefixes);
        prefixes.add(prefix);
        return new OptionSet(options, List.copyOf(prefixes));
    }

    /** The declarations in order. */
    public List<Option> options() {
        return List.copyOf(options.values());
    }

    /**
     * Reads a raw property map, for instance of a configuration.
     *
     * @throws InvalidOptionException naming the first bad option in alphabetical order
     */
    public OptionValues parse(Map<String, ?> raw) {
        Map<String, Object> values = new LinkedHashMap<>();
        Map<String, String> passed = new TreeMap<>();
        for (Map.Entry<String, ?> e : new TreeMap<String, Object>(raw).entrySet()) {
            String name = e.getKey();
            Option option = options.get(name);
            if (option != null) {
                values.put(name, OptionReader.read(option, e.getValue()));
            } else if (looksLikeSecret(name) && (name.startsWith(".") || !isForeign(name))) {
                // A leading dot keeps a property from the services, not from the consoles.
                throw new InvalidOptionException(
                        name, "looks like a secret; configuration names credentials, it does not hold them");
            } else if (isForeign(name)) {
                continue;
            } else if (openPrefixes.stream().anyMatch(name::startsWith)) {
                passed.put(name, OptionReader.single(name, e.getValue()));
            } else {
                throw new InvalidOptionException(name, "unknown; did you mean '" + nearest(name) + "'?");
            }
        }
        return new OptionValues(values, defaults, passed);
    }

    /** Whether the last part of a name says that its value is a secret. */
    public static boolean looksLikeSecret(String name) {
        String n = name.toLowerCase(Locale.ROOT).replace('_', '.').replace('-', '.');
        return SECRET_WORDS.stream().anyMatch(n::contains);
    }

    private static boolean isForeign(String name) {
        return FOREIGN_PREFIXES.stream().anyMatch(name::startsWith)
                || FOREIGN_SUFFIXES.stream().anyMatch(name::endsWith)
                || FOREIGN_NAMES.contains(name);
    }

    private String nearest(String name) {
        String best = "";
        int bestDistance = Integer.MAX_VALUE;
        for (String known : options.keySet()) {
            int d = distance(name, known);
            if (d < bestDistance) {
                bestDistance = d;
                best = known;
            }
        }
        return best;
    }

    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j < previous.length; j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replace, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
