// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.group;

import io.holdfast.api.supervision.Supervisor.ChildStatus;
import io.holdfast.supervisor.core.CallResult;
import io.holdfast.supervisor.core.ChildView;
import io.holdfast.supervisor.core.Incarnations;
import io.holdfast.supervisor.core.Intensity;
import io.holdfast.supervisor.core.SupervisorAction;
import io.holdfast.supervisor.core.SupervisorCore;
import io.holdfast.supervisor.core.SupervisorMessage;
import io.holdfast.supervisor.core.SupervisorSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The core, which only the mailbox changes, and what others see of it at any time. Looking costs as much as there are
 * children; deciding does not, because nothing is prepared for those who might look.
 */
final class WatchedCore {
    /** Guards itself and the fields below. Held for one decision or one look; nothing foreign is called meanwhile. */
    private final SupervisorCore core;

    /** Why each child last exited, by id. */
    private final Map<String, String> lastCauses = new HashMap<>();

    private long changes;

    WatchedCore(SupervisorSpec spec, Incarnations incarnations) {
        this.core = new SupervisorCore(spec, incarnations);
    }

    List<SupervisorAction> handle(SupervisorMessage message, long now) {
        synchronized (core) {
            changes++;
            return core.handle(message, now);
        }
    }

    OptionalLong nextWakeNanos() {
        synchronized (core) {
            return core.nextWakeNanos();
        }
    }

    Intensity intensity() {
        synchronized (core) {
            return core.spec().intensity();
        }
    }

    Duration restartDelay() {
        synchronized (core) {
            return core.spec().restartDelay();
        }
    }

    /** Counted restarts that still matter, oldest first. */
    long[] restartTimes() {
        synchronized (core) {
            return core.restartTimes();
        }
    }

    void exited(String id, String cause) {
        synchronized (core) {
            lastCauses.put(id, cause);
        }
    }

    /** That child has left. */
    void forget(String id) {
        synchronized (core) {
            lastCauses.remove(id);
        }
    }

    /** The children in start order. */
    List<ChildStatus> children(long now) {
        synchronized (core) {
            return statuses(core.children(now));
        }
    }

    /** An answer of the core, which has the children as OTP does: last first. */
    List<ChildStatus> inStartOrder(CallResult.Children reply) {
        synchronized (core) {
            List<ChildStatus> children = statuses(reply.children());
            Collections.reverse(children);
            return children;
        }
    }

    private List<ChildStatus> statuses(List<ChildView> views) {
        List<ChildStatus> children = new ArrayList<>(views.size());
        views.forEach(view -> children.add(Views.child(view, lastCauses.getOrDefault(view.id(), ""))));
        return children;
    }

    /** Messages handled. */
    long changes() {
        synchronized (core) {
            return changes;
        }
    }
}
