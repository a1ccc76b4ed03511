// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the bundles of the current test container logged, INFO and above. */
public final class ContainerLog {

    static final String PROPERTY = "holdfast.itests.log";

    private ContainerLog() {}

    /** All lines so far. */
    public static List<String> lines() {
        try {
            return Files.readAllLines(Path.of(BundleJars.property(PROPERTY)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines so far that contain the text. */
    public static List<String> linesWith(String text) {
        return lines().stream().filter(line -> line.contains(text)).toList();
    }
}
