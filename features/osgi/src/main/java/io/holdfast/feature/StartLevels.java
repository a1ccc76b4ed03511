// SPDX-License-Identifier: Apache-2.0
package io.holdfast.feature;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The start levels of the runnable jar: the longest prefix of a file name counts. */
record StartLevels(Map<String, Integer> byPrefix) {

    static StartLevels parse(List<String> lines) {
        Map<String, Integer> byPrefix = new LinkedHashMap<>();
        lines.stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .forEach(line -> {
                    String[] words = line.split("\\s+");
                    byPrefix.put(words[1].equals("*") ? "" : words[1], Integer.valueOf(words[0]));
                });
        return new StartLevels(byPrefix);
    }

    int of(String fileName) {
        return byPrefix.entrySet().stream()
                .filter(entry -> fileName.startsWith(entry.getKey()))
                .max(Comparator.comparingInt(entry -> entry.getKey().length()))
                .orElseThrow(() -> new IllegalArgumentException("no start level for " + fileName))
                .getValue();
    }
}
