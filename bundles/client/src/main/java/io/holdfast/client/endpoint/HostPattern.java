// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.endpoint;

import java.util.Comparator;
import java.util.Locale;

/**
 * A glob over host names: {@code *} stands for any characters, dots included, {@code ?} for one. Case does not matter, nor
 * does the dot that may end a full name. The natural order puts the more specific first: names without wildcards, then those
 * with more literal characters, then the alphabet, so that which group a host belongs to depends on no order of arrival.
 */
record HostPattern(String glob) implements Comparable<HostPattern> {
    private static final Comparator<HostPattern> SPECIFIC_FIRST = Comparator.comparing(HostPattern::hasWildcard)
            .thenComparing(Comparator.comparingLong(HostPattern::literals).reversed())
            .thenComparing(HostPattern::glob);

    /** @throws IllegalArgumentException if the text cannot match a host name */
    HostPattern {
        glob = normal(glob);
        // Colons and brackets are those of an IPv6 address.
        if (!glob.matches("[\\p{L}\\p{N}._*?:\\[\\]-]{1,253}")) {
            throw new IllegalArgumentException(
                    "each must be a host name, in which * and ? are wildcards; without port, scheme and path");
        }
    }

    /** The form in which host names are compared. */
    static String normal(String host) {
        String name = host.strip().toLowerCase(Locale.ROOT);
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    /** @param host in {@linkplain #normal normal} form */
    boolean matches(String host) {
        int h = 0;
        int g = 0;
        int afterStar = -1;
        int retry = 0;
        while (h < host.length()) {
            if (g < glob.length() && glob.charAt(g) == '*') {
                afterStar = ++g;
                retry = h;
            } else if (g < glob.length() && (glob.charAt(g) == '?' || glob.charAt(g) == host.charAt(h))) {
                g++;
                h++;
            } else if (afterStar >= 0) {
                // Only the last star has to take more: that keeps the time within length x length.
                g = afterStar;
                h = ++retry;
            } else {
                return false;
            }
        }
        while (g < glob.length() && glob.charAt(g) == '*') {
            g++;
        }
        return g == glob.length();
    }

    private boolean hasWildcard() {
        return glob.indexOf('*') >= 0 || glob.indexOf('?') >= 0;
    }

    private long literals() {
        return glob.chars().filter(c -> c != '*' && c != '?').count();
    }

    @Override
    public int compareTo(HostPattern other) {
        return SPECIFIC_FIRST.compare(this, other);
    }
}
