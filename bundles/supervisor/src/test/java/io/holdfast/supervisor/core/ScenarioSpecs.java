// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Translates the words of the corpus into those of the core, and back. */
final class ScenarioSpecs {
    private ScenarioSpecs() {}

    static SupervisorTree.Node node(JsonObject supervisor, boolean wholeSeconds) {
        List<ChildSpec> children = new ArrayList<>();
        Map<String, SupervisorTree.Node> supervisors = new HashMap<>();
        for (JsonElement element : supervisor.getAsJsonArray("children")) {
            JsonObject child = element.getAsJsonObject();
            children.add(child(child, child.get("id").getAsString()));
            if (child.has("sup")) {
                supervisors.put(child.get("id").getAsString(), node(child.getAsJsonObject("sup"), wholeSeconds));
            }
        }
        SupervisorSpec spec = SupervisorSpec.otp(
                Strategy.valueOf(upper(supervisor, "strategy")),
                supervisor.get("intensity").getAsInt(),
                Duration.ofMillis(supervisor.get("periodMs").getAsLong()));
        spec = spec.withAutoShutdown(AutoShutdown.valueOf(upper(supervisor, "autoShutdown")));
        if (supervisor.has("maxChildren")) {
            spec = spec.withMaxChildren(supervisor.get("maxChildren").getAsInt());
        }
        Intensity intensity = spec.intensity();
        spec = spec.withIntensity(
                new Intensity(intensity.restarts(), intensity.period(), intensity.budget(), wholeSeconds));
        return new SupervisorTree.Node(spec, children, supervisors);
    }

    static ChildSpec child(JsonObject child, String id) {
        boolean isSupervisor =
                child.has("type") && child.get("type").getAsString().equals("supervisor");
        boolean significant =
                child.has("significant") && child.get("significant").getAsBoolean();
        ShutdownLimit limit = child.has("shutdown")
                ? limit(child.getAsJsonPrimitive("shutdown"))
                : isSupervisor ? ShutdownLimit.INFINITY : ShutdownLimit.DEFAULT;
        return new ChildSpec(
                id,
                RestartType.valueOf(upper(child, "restart")),
                significant,
                limit,
                isSupervisor ? ChildSpec.Type.SUPERVISOR : ChildSpec.Type.WORKER);
    }

    private static ShutdownLimit limit(JsonPrimitive shutdown) {
        if (shutdown.isNumber()) {
            return ShutdownLimit.of(Duration.ofMillis(shutdown.getAsLong()));
        }
        return shutdown.getAsString().equals("infinity") ? ShutdownLimit.INFINITY : ShutdownLimit.BRUTAL_KILL;
    }

    static ExitReason reason(String word) {
        return switch (word) {
            case "normal" -> ExitReason.NORMAL;
            case "shutdown" -> ExitReason.SHUTDOWN;
            case "{shutdown,x}" -> ExitReason.shutdown("x");
            case "killed" -> ExitReason.KILLED;
            case "boom" -> ExitReason.crash("boom");
            default -> throw new IllegalArgumentException("unknown reason " + word);
        };
    }

    static String word(ExitReason reason) {
        return switch (reason.kind()) {
            case NORMAL -> "normal";
            case SHUTDOWN -> reason.detail().isEmpty() ? "shutdown" : "{shutdown," + reason.detail() + "}";
            case KILLED -> "killed";
            case FAILED, PROTOCOL, CRASH -> reason.detail();
            case REFUSED, OPERATOR, BANNED -> throw new IllegalArgumentException("not in the corpus: " + reason);
        };
    }

    static String word(SupervisorExit exit) {
        if (exit instanceof SupervisorExit.StartFailed failed) {
            return "start_failed:" + failed.childId();
        }
        return exit instanceof SupervisorExit.BadSpec ? "bad_spec" : word(exit.reason());
    }

    static String word(ChildStatus status) {
        return switch (status) {
            case RUNNING -> "running";
            case STOPPED -> "stopped";
            case RESTARTING -> "restarting";
            case STARTING, STOPPING, GIVEN_UP -> "unexpected " + status;
        };
    }

    private static String upper(JsonObject object, String field) {
        return object.get(field).getAsString().toUpperCase(java.util.Locale.ROOT);
    }
}
