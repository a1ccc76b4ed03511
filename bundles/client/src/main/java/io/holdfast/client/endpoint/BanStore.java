// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.endpoint;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Where bans outlive the process. Called by one thread at a time. */
public interface BanStore {
    /** No ban is longer; one that claims to be is taken for an error of a clock or of the file. */
    Duration LONGEST = Duration.ofDays(3);

    /**
     * A ban as it is stored.
     *
     * @param until its end by the wall clock, the only one that outlives a process
     * @param group id of the endpoint group
     * @param host that was told; it stays banned where the group has no configuration (yet)
     * @param cause one line for people, without secrets
     */
    record Ban(Instant until, String group, String host, String cause) {
        private static final int LONGEST_CAUSE = 256;

        public Ban {
            group = line(group);
            host = line(host);
            cause = line(cause.length() > LONGEST_CAUSE ? cause.substring(0, LONGEST_CAUSE) + "..." : cause);
        }

        /** Without anything that could end a line or a field, or steer a terminal. */
        private static String line(String text) {
            return text.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", " ");
        }
    }

    /** Bans that are in force now; a store that cannot be read reports that and is empty. */
    List<Ban> read(Instant now);

    /** Replaces all that was stored; a store that cannot be written reports that. */
    void write(List<Ban> bans);

    /** A file in the directory, which is made at the first ban. */
    static BanStore inDirectory(Path directory) {
        return new FileBanStore(directory);
    }

    /** No file: bans end with the process at the latest. */
    static BanStore inMemory() {
        return new BanStore() {
            @Override
            public List<Ban> read(Instant now) {
                return List.of();
            }

            @Override
            public void write(List<Ban> bans) {
                // The groups themselves remember bans for as long as they live.
            }
        };
    }
}
