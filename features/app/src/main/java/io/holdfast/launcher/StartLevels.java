// SPDX-License-Identifier: Apache-2.0
package io.holdfast.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which bundle starts at which level, by the longest matching prefix of its file name; read from {@code start-levels.txt}. */
final class StartLevels {

    static final String RESOURCE = "/start-levels.txt";

    private final Map<String, Integer> byPrefix;

    private StartLevels(Map<String, Integer> byPrefix) {
        this.byPrefix = byPrefix;
    }

    static StartLevels load() throws IOException {
        try (InputStream in = StartLevels.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IOException("resource " + RESOURCE + " is missing");
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    static StartLevels parse(String text) {
        Map<String, Integer> byPrefix = new LinkedHashMap<>();
        text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .forEach(line -> {
                    String[] words = line.split("\\s+");
                    if (words.length != 2) {
                        throw new IllegalArgumentException(
                                RESOURCE + ": expected '<level> <prefix>', found '" + line + "'");
                    }
                    byPrefix.put(words[1].equals("*") ? "" : words[1], Integer.valueOf(words[0]));
                });
        return new StartLevels(byPrefix);
    }

    /** The framework's level at which everything runs. */
    int highest() {
        return byPrefix.values().stream().mapToInt(Integer::intValue).max().orElse(1);
    }

    int of(String fileName) {
        return byPrefix.entrySet().stream()
                .filter(e -> fileName.startsWith(e.getKey()))
                .max((a, b) -> Integer.compare(a.getKey().length(), b.getKey().length()))
                .map(Map.Entry::getValue)
                .orElseThrow(() -> new IllegalArgumentException(RESOURCE + " gives no level for " + fileName));
    }
}
