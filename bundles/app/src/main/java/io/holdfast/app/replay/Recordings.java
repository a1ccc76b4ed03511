// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.replay;

import io.holdfast.simulator.Replay;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** The recorded frames of one exchange in the order in which they must come, file by file. Confined to the listener's lane. */
final class Recordings {

    private final Iterator<Path> rest;
    private Optional<Replay> current = Optional.empty();
    private Path file;

    /**
     * @param file it was recorded in
     * @param text as recorded
     */
    record Frame(Path file, String text) {}

    Recordings(List<Path> files) {
        this.rest = files.iterator();
    }

    /** Empty after the last one. */
    Optional<Frame> next() {
        while (current.isEmpty() || !current.get().hasNext()) {
            if (!rest.hasNext()) {
                return Optional.empty();
            }
            file = rest.next();
            current = Optional.of(Replay.open(file));
        }
        return Optional.of(new Frame(file, current.get().next()));
    }

    void close() {
        current.ifPresent(Replay::close);
    }
}
