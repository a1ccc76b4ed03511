// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.group;

import io.holdfast.api.supervision.Supervisor.GroupStatus;
import io.holdfast.supervisor.core.Intensity;
import java.util.List;
import java.util.Optional;

/** What a group shows to whoever asks, on any thread. Written in the mailbox. */
final class Board {
    private final String group;

    /** Guards the fields below; held for a few instructions or one look. */
    private final Object lock = new Object();

    private Optional<WatchedCore> core = Optional.empty();
    private Intensity intensity;
    private String parent;
    private String cause = "";
    private long changes;

    Board(GroupOptions options) {
        this.group = options.group();
        configured(options);
    }

    void configured(GroupOptions options) {
        synchronized (lock) {
            intensity = options.spec().intensity();
            parent = options.parenthood().map(Parenthood::parent).orElse("");
            changes++;
        }
    }

    void alive(WatchedCore now) {
        synchronized (lock) {
            core = Optional.of(now);
            cause = "";
            changes++;
        }
    }

    /** It supervises nobody. */
    void down(String why) {
        synchronized (lock) {
            changes += 1 + core.map(WatchedCore::changes).orElse(0L);
            core = Optional.empty();
            cause = why;
        }
    }

    GroupStatus status(long now) {
        synchronized (lock) {
            return new GroupStatus(
                    group,
                    core.isPresent(),
                    parent,
                    cause,
                    intensity.restarts(),
                    intensity.period().toMillis(),
                    core.map(c -> c.children(now)).orElse(List.of()),
                    changes + core.map(WatchedCore::changes).orElse(0L));
        }
    }
}
