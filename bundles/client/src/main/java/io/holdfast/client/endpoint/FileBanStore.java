// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.endpoint;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line for each ban: end, group, host and cause, separated by tabs. The file is always replaced as a whole, so that a
 * process that dies while writing leaves the former one.
 */
final class FileBanStore implements BanStore {
    static final String FILE = "bans.txt";

    private static final int LARGEST = 1024 * 1024;
    private static final int FIELDS = 4;

    private final Logger log = LoggerFactory.getLogger(FileBanStore.class);
    private final Path directory;
    private final Path file;

    FileBanStore(Path directory) {
        this.directory = directory;
        this.file = directory.resolve(FILE);
    }

    @Override
    public List<Ban> read(Instant now) {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            if (Files.size(file) > LARGEST) {
                throw new IOException("larger than " + LARGEST + " bytes");
            }
            List<Ban> bans = new ArrayList<>();
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                bans.add(parse(lines.get(i), i + 1));
            }
            bans.removeIf(b -> !b.until().isAfter(now) || b.until().isAfter(now.plus(LONGEST)));
            return bans;
        } catch (IOException e) {
            log.warn("The file of bans {} cannot be read and is taken as empty: {}", file, e.toString());
            return List.of();
        }
    }

    @Override
    public void write(List<Ban> bans) {
        StringBuilder text = new StringBuilder();
        for (Ban b : bans) {
            text.append(String.join("\t", b.until().toString(), b.group(), b.host(), b.cause()))
                    .append('\n');
        }
        try {
            Files.createDirectories(directory);
            Path next = Files.createTempFile(directory, FILE, ".tmp");
            try {
                Files.writeString(next, text);
                replace(next);
            } finally {
                Files.deleteIfExists(next);
            }
        } catch (IOException e) {
            log.warn("The file of bans {} cannot be written, a restart will forget them: {}", file, e.toString());
        }
    }

    private void replace(Path next) throws IOException {
        try {
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static Ban parse(String line, int number) throws IOException {
        String[] fields = line.split("\t", -1);
        if (fields.length != FIELDS) {
            throw new IOException("line " + number + " has not " + FIELDS + " fields");
        }
        try {
            return new Ban(Instant.parse(fields[0]), fields[1], fields[2], fields[3]);
        } catch (DateTimeException e) {
            throw new IOException("line " + number + " begins with no moment");
        }
    }
}
