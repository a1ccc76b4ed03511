// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.HashSet;
import java.util.Set;

/** A child as the corpus describes it. One object per specification, as attempts are counted per specification. */
final class SimulatedChild {
    final String label;
    private final JsonObject spec;
    private int attempts;
    /** Its latest started incarnation; 0 before the first. */
    long incarnation;

    boolean alive;
    ExitReason diedWith = ExitReason.NORMAL;
    /** Incarnations that are dead, whether or not their supervisor knows. */
    final Set<Long> dead = new HashSet<>();

    SimulatedChild(JsonObject spec) {
        this.spec = spec;
        this.label = spec.get("id").getAsString();
    }

    /** The outcome of the next start attempt. */
    String nextAttempt() {
        int attempt = attempts++;
        if (!spec.has("startPlan")
                || attempt >= spec.getAsJsonArray("startPlan").size()) {
            return "ok";
        }
        return spec.getAsJsonArray("startPlan").get(attempt).getAsString();
    }

    void started(long token) {
        incarnation = token;
        alive = true;
    }

    void die(ExitReason reason) {
        alive = false;
        diedWith = reason;
        dead.add(incarnation);
    }

    boolean hangs() {
        JsonElement stop = spec.get("stop");
        return stop != null && stop.isJsonPrimitive();
    }

    /** Milliseconds an orderly stop takes. */
    long stopMillis() {
        JsonElement stop = spec.get("stop");
        return stop != null && stop.isJsonObject() && stop.getAsJsonObject().has("slowMs")
                ? stop.getAsJsonObject().get("slowMs").getAsLong()
                : 0;
    }

    /** What it dies with when stopped in an orderly way. */
    ExitReason stopReason() {
        JsonElement stop = spec.get("stop");
        return stop != null && stop.isJsonObject() && stop.getAsJsonObject().has("exitWith")
                ? ScenarioSpecs.reason(stop.getAsJsonObject().get("exitWith").getAsString())
                : ExitReason.SHUTDOWN;
    }
}
