// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.otp;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.holdfast.api.supervision.Attachment;
import io.holdfast.api.supervision.Child;
import io.holdfast.api.supervision.ChildSignals;
import io.holdfast.api.supervision.ChildSnapshot;
import io.holdfast.api.supervision.ChildSpec;
import io.holdfast.api.supervision.ExitReason;
import io.holdfast.api.supervision.LedgerEntry;
import io.holdfast.api.supervision.Owner;
import io.holdfast.api.supervision.StartResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A child that starts, stops and dies as the corpus says, and tells what happens to it. */
final class ScriptedChild implements Child {

    private final String label;
    private final JsonObject script;
    private final ChildSpec spec;
    private final Happenings happenings;

    /** Guarded by this, like all fields below. */
    private final List<LedgerEntry> ledger = new ArrayList<>();

    private int attempts;
    private Owner owner;
    private ChildSignals signals;
    private ChildSnapshot.State state = ChildSnapshot.State.CREATED;
    private long incarnation;
    private Optional<ExitReason> exit = Optional.empty();

    ScriptedChild(String id, int order, JsonObject script, Happenings happenings) {
        this.label = script.get("id").getAsString();
        this.script = script;
        this.spec = new ChildSpec(
                id,
                ChildSpec.Restart.valueOf(script.get("restart").getAsString().toUpperCase(Locale.ROOT)),
                shutdown(script.get("shutdown")),
                order,
                Duration.ZERO,
                script.has("significant") && script.get("significant").getAsBoolean(),
                ChildSpec.Type.WORKER);
        this.happenings = happenings;
    }

    private static Duration shutdown(JsonElement shutdown) {
        if (shutdown == null) {
            return Duration.ofSeconds(5);
        }
        return switch (shutdown.getAsString()) {
            case "brutal_kill" -> ChildSpec.BRUTAL_KILL;
            case "infinity" -> ChildSpec.INFINITY;
            default -> Duration.ofMillis(shutdown.getAsLong());
        };
    }

    String label() {
        return label;
    }

    static ExitReason reason(String word) {
        return switch (word) {
            case "normal" -> new ExitReason(ExitReason.Kind.NORMAL, word);
            case "shutdown", "{shutdown,x}" -> new ExitReason(ExitReason.Kind.SHUTDOWN, word);
            case "killed" -> new ExitReason(ExitReason.Kind.KILLED, word);
            case "boom" -> new ExitReason(ExitReason.Kind.CRASH, word);
            default -> throw new IllegalArgumentException("unknown reason " + word);
        };
    }

    synchronized boolean runs() {
        return state == ChildSnapshot.State.RUNNING;
    }

    /** Ends by itself. */
    synchronized void exit(String reason) {
        state = ChildSnapshot.State.EXITED;
        exit = Optional.of(reason(reason));
        signals.exited(incarnation, exit.get());
    }

    @Override
    public ChildSpec spec() {
        return spec;
    }

    @Override
    public synchronized Attachment attach(Owner by, ChildSignals to) {
        if (owner != null && owner != by) {
            return new Attachment.Refused(owner.name());
        }
        owner = by;
        signals = to;
        return new Attachment.Attached(snapshot());
    }

    @Override
    public synchronized void detach(Owner by) {
        if (owner == by) {
            owner = null;
            signals = null;
        }
    }

    @Override
    public synchronized CompletionStage<StartResult> start(Owner by, long number) {
        String outcome = nextAttempt();
        switch (outcome) {
            case "ok", "flap" -> {
                incarnation = number;
                state = ChildSnapshot.State.RUNNING;
                exit = Optional.empty();
                happenings.started(label);
                if (outcome.equals("flap")) {
                    happenings.add("exit", label, "boom");
                    exit("boom");
                }
                return CompletableFuture.completedStage(new StartResult.Accepted());
            }
            case "ignore" -> {
                happenings.add("ignore", label);
                return CompletableFuture.completedStage(new StartResult.Ignored());
            }
            case "error" -> {
                happenings.add("startFail", label, outcome);
                return CompletableFuture.completedStage(new StartResult.Failed(outcome));
            }
            default -> {
                happenings.add("startFail", label, outcome);
                throw new IllegalStateException("made to " + outcome);
            }
        }
    }

    private String nextAttempt() {
        int attempt = attempts++;
        JsonArray plan = script.getAsJsonArray("startPlan");
        return plan == null || attempt >= plan.size() ? "ok" : plan.get(attempt).getAsString();
    }

    @Override
    public synchronized CompletionStage<Void> stop(Owner by, ExitReason reason, Duration limit) {
        if (state == ChildSnapshot.State.RUNNING) {
            happenings.add("terminate", label, reason.kind() == ExitReason.Kind.KILLED ? "killed" : stopReason());
        }
        state = ChildSnapshot.State.STOPPED;
        return CompletableFuture.completedStage(null);
    }

    private String stopReason() {
        JsonElement stop = script.get("stop");
        return stop != null && stop.isJsonObject() && stop.getAsJsonObject().has("exitWith")
                ? stop.getAsJsonObject().get("exitWith").getAsString()
                : "shutdown";
    }

    @Override
    public synchronized void givenUp(Owner by, String cause) {
        state = ChildSnapshot.State.GIVEN_UP;
    }

    @Override
    public synchronized void record(LedgerEntry entry) {
        ledger.add(entry);
    }

    @Override
    public synchronized void clearLedger() {
        ledger.clear();
    }

    @Override
    public synchronized ChildSnapshot snapshot() {
        return new ChildSnapshot(spec, state, incarnation, exit, ledger);
    }
}
