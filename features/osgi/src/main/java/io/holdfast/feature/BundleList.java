// SPDX-License-Identifier: Apache-2.0
package io.holdfast.feature;

import java.util.List;
import java.util.Set;

/** The bundles of the runnable jar that are of use outside it, from what Maven's {@code dependency:list} wrote. */
final class BundleList {

    /** The demo, its simulator (never in production), and the prompt, which wants a terminal. */
    static final Set<String> LEFT_OUT =
            Set.of("io.holdfast.app", "io.holdfast.simulator", "org.apache.felix.gogo.jline", "jline");

    /**
     * @param group of its Maven coordinates
     * @param artifact of its Maven coordinates
     * @param version of its Maven coordinates
     */
    record Coordinates(String group, String artifact, String version) {

        /** As {@code start-levels.txt} knows it. */
        String fileName() {
            return artifact + "-" + version + ".jar";
        }
    }

    private BundleList() {}

    /** @param lines {@code group:artifact:jar:version:scope}, perhaps with blanks before and a remark after; headings have no colons */
    static List<Coordinates> parse(List<String> lines) {
        List<Coordinates> all = lines.stream()
                .map(String::strip)
                .filter(line -> line.chars().filter(c -> c == ':').count() >= 4)
                .map(line -> {
                    String[] parts = line.split("[: ]");
                    if (!parts[2].equals("jar")) {
                        throw new IllegalArgumentException("not a bundle: " + line);
                    }
                    return new Coordinates(parts[0], parts[1], parts[3]);
                })
                .toList();
        for (String name : LEFT_OUT) {
            if (all.stream().noneMatch(bundle -> bundle.artifact().equals(name))) {
                throw new IllegalArgumentException(name + " is to be left out but is not in the list");
            }
        }
        return all.stream()
                .filter(bundle -> !LEFT_OUT.contains(bundle.artifact()))
                .toList();
    }
}
