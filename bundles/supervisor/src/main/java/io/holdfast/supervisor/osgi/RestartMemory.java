// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.osgi;

import io.holdfast.supervisor.group.GroupWorld.Whose;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the counted restarts of groups for the next life of this bundle in the same process: its classes go with an update, its
 * storage does not. Another process has another clock and begins with whole budgets. Any thread, but one at a time for each group.
 */
final class RestartMemory {
    private final Logger logger = LoggerFactory.getLogger(RestartMemory.class);
    private final Path directory;
    private final String process;

    /**
     * @param directory made when needed
     * @param process tells this process from others
     */
    RestartMemory(Path directory, String process) {
        this.directory = directory;
        this.process = process;
    }

    /** Of this process: its number may be used again, its start not. */
    static String thisProcess() {
        ProcessHandle handle = ProcessHandle.current();
        return handle.pid() + " "
                + handle.info().startInstant().map(Object::toString).orElse("");
    }

    /** @param restarts {@code System.nanoTime()} */
    void keep(String group, Whose whose, long[] restarts) {
        try {
            if (restarts.length == 0) {
                Files.deleteIfExists(file(group, whose));
                return;
            }
            List<String> lines = new ArrayList<>(List.of(process));
            for (long at : restarts) {
                lines.add(Long.toString(at));
            }
            Files.createDirectories(directory);
            Files.write(file(group, whose), lines);
        } catch (IOException e) {
            logger.warn("Restarts of group {} cannot be kept: {}", group, e.toString());
        }
    }

    /** What was kept; empty if nothing was, or by another process. */
    long[] recall(String group, Whose whose) {
        try {
            if (!Files.exists(file(group, whose))) {
                return new long[0];
            }
            List<String> lines = Files.readAllLines(file(group, whose));
            if (lines.isEmpty() || !lines.get(0).equals(process)) {
                return new long[0];
            }
            return lines.stream().skip(1).mapToLong(Long::parseLong).toArray();
        } catch (IOException | NumberFormatException e) {
            logger.warn("Restarts of group {} cannot be recalled: {}", group, e.toString());
            return new long[0];
        }
    }

    /** Removes what other processes kept. */
    void prune() {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                List<String> lines = Files.readAllLines(file);
                if (lines.isEmpty() || !lines.get(0).equals(process)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            logger.warn("Old restarts cannot be removed: {}", e.toString());
        }
    }

    private Path file(String group, Whose whose) {
        String name = HexFormat.of().formatHex(group.getBytes(StandardCharsets.UTF_8));
        return directory.resolve(name + "." + whose.name().toLowerCase(Locale.ROOT));
    }
}
