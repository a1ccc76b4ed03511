// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** The recorded scenarios, one JSON object per line; plain or gzipped. */
final class Corpus {
    static final String FILE_PROPERTY = "holdfast.otp.corpus";
    private static final String DEFAULT = "/corpus.jsonl.gz";

    private Corpus() {}

    /** The file named by the property, or the copy in the resources; surefire passes an unset property as empty. */
    static List<JsonObject> load() throws IOException {
        String file = System.getProperty(FILE_PROPERTY, "").trim();
        if (file.isEmpty()) {
            try (InputStream in = Corpus.class.getResourceAsStream(DEFAULT)) {
                return read(new GZIPInputStream(in));
            }
        }
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            return read(file.endsWith(".gz") ? new GZIPInputStream(in) : in);
        }
    }

    private static List<JsonObject> read(InputStream in) throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.isBlank())
                    .map(line -> JsonParser.parseString(line).getAsJsonObject())
                    .toList();
        }
    }
}
