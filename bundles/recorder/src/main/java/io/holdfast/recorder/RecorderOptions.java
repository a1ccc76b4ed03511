// SPDX-License-Identifier: Apache-2.0
package io.holdfast.recorder;

import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.api.options.Option;
import io.holdfast.api.options.Option.Effect;
import io.holdfast.api.options.OptionSet;
import io.holdfast.api.options.OptionValues;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * What a {@link Recorder} does.
 *
 * @param directory where the files are; made when it is not there
 * @param clients ids of the clients that are recorded; empty for all
 * @param fileMaxBytes a file is not made longer than this, but for one line
 * @param filesMax full files that are kept; older ones are deleted
 * @param bufferMaxBytes what may wait to be written; above it frames are dropped and counted
 * @param maskKeys names of JSON members whose values are masked, besides those that always are
 */
public record RecorderOptions(
        Path directory, Set<String> clients, int fileMaxBytes, int filesMax, int bufferMaxBytes, Set<String> maskKeys) {

    private static final OptionSet OPTIONS = OptionSet.of(
            Option.text("directory", "", Effect.RESTART, "Where the files are; made when it is not there. Required."),
            Option.texts("clients", Effect.RESTART, "Ids of the clients that are recorded; none means all."),
            Option.integer("file.max.bytes", 64 << 20, Effect.RESTART, "Bytes after which the next file is begun."),
            Option.integer("files.max", 16, Effect.RESTART, "Full files that are kept; the oldest are deleted."),
            Option.integer(
                    "buffer.max.bytes",
                    16 << 20,
                    Effect.RESTART,
                    "Bytes that may wait to be written; above it frames are dropped and counted."),
            Option.texts(
                    "mask.keys",
                    Effect.RESTART,
                    "Names of JSON members whose values are masked, besides those that always are."));

    public RecorderOptions {
        clients = Set.copyOf(clients);
        maskKeys = Set.copyOf(maskKeys);
        atLeast("file.max.bytes", fileMaxBytes, 1024);
        atLeast("files.max", filesMax, 1);
        atLeast("buffer.max.bytes", bufferMaxBytes, 1024);
    }

    private static void atLeast(String name, int value, int minimum) {
        if (value < minimum) {
            throw new InvalidOptionException(name, "must be at least " + minimum);
        }
    }

    /** All clients into that directory, with the defaults. */
    public static RecorderOptions in(Path directory) {
        return of(Map.of("directory", directory.toString()));
    }

    /**
     * By the names of the configuration {@code io.holdfast.recorder}.
     *
     * @throws InvalidOptionException naming the option that is missing, unknown or wrong
     */
    public static RecorderOptions of(Map<String, ?> options) {
        OptionValues values = OPTIONS.parse(options);
        String directory = values.optionalText("directory")
                .orElseThrow(() -> new InvalidOptionException("directory", "is required"));
        try {
            return new RecorderOptions(
                    Path.of(directory),
                    Set.copyOf(values.texts("clients")),
                    values.integer("file.max.bytes", 0),
                    values.integer("files.max", 0),
                    values.integer("buffer.max.bytes", 0),
                    Set.copyOf(values.texts("mask.keys")));
        } catch (InvalidPathException e) {
            throw new InvalidOptionException("directory", "is no path: " + e.getReason());
        }
    }

    /** The declaration, for documents and their tests. */
    static OptionSet declared() {
        return OPTIONS;
    }
}
