// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.demo;

import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.supervision.Supervisor;
import io.holdfast.api.supervision.Supervisor.ChildStatus;
import io.holdfast.app.account.ClientAccount.Arrival;
import io.holdfast.app.demo.Sightings.Sighting;
import io.holdfast.simulator.Fault;
import io.holdfast.simulator.Upgrade;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.osgi.framework.BundleException;

/** What a supervisor does, and what happens when it goes. */
final class SupervisionSteps {

    private static final String BUNDLE = "io.holdfast.supervisor";
    private static final Target TARGET = Target.FRAGILE;
    private static final long ANSWER_SECONDS = 15;

    private SupervisionSteps() {}

    /** A client that finds no server any more uses up its budget of restarts; an operator sets it going again. */
    static void overIntensity(Stage stage, Findings findings)
            throws InterruptedException, ExecutionException, TimeoutException {
        Bounds bounds = stage.bounds(TARGET);
        int intensity = stage.settings().intensity();
        if (stage.awaitData(TARGET, 0, bounds.back()).isEmpty()) {
            throw new IllegalStateException(TARGET.id() + " gets no data");
        }
        stage.faults(TARGET).upgrades(Upgrade.refuse(503));
        Fault cut = stage.faults(TARGET).reset();
        findings.closes(TARGET, cut.connections().size());
        Duration bound = bounds.givenUp(intensity, stage.settings().restartDelay());
        Optional<Sighting> givenUp = stage.await(TARGET, Type.GIVEN_UP, cut.nanos(), bound);
        findings.time(TARGET.id() + ": given up", givenUp.map(s -> Duration.ofNanos(s.nanos() - cut.nanos())), bound);
        stage.faults(TARGET).upgrades(Upgrade.accept());
        if (givenUp.isEmpty()) {
            return;
        }
        findings.equal(
                TARGET.id() + ": incarnations that ended",
                stage.sightings().count(TARGET, Type.EXITED, cut.nanos()),
                intensity + 1L);
        Supervisor supervisor = supervisor(stage);
        become(stage, child -> child.state() == ChildStatus.State.GIVEN_UP);
        findings.equal(
                TARGET.id() + ": state in its group",
                child(supervisor).state().name(),
                ChildStatus.State.GIVEN_UP.name());
        long begin = System.nanoTime();
        findings.equal(TARGET.id() + ": reset", ok(supervisor.reset(TARGET.id())), Supervisor.Reply.OK);
        Optional<Arrival> data = stage.awaitData(TARGET, givenUp.get().event().connection(), bounds.retry());
        findings.time(
                TARGET.id() + ": data again after the reset",
                data.map(a -> Duration.ofNanos(a.nanos() - begin)),
                bounds.retry());
        become(stage, child -> child.restarts() == 0);
        findings.equal(
                TARGET.id() + ": restarts remembered after the reset",
                child(supervisor).restarts(),
                0);
    }

    /** Its clients go on without it; it adopts them with what it remembered of them. */
    static void updated(Stage stage, Findings findings)
            throws InterruptedException, ExecutionException, TimeoutException, BundleException, IOException {
        Bounds bounds = stage.bounds(TARGET);
        oneRestart(stage, findings, bounds);
        become(stage, child -> child.restarts() > 0);
        int remembered = child(supervisor(stage)).restarts();
        findings.atLeast(TARGET.id() + ": restarts before the update", remembered, 1);
        long begin = System.nanoTime();
        stage.bundles().update(BUNDLE);
        for (Target target : Target.ALL) {
            Optional<Sighting> adopted = stage.await(target, Type.SUPERVISED, begin, bounds.adopted());
            findings.time(
                    target.id() + ": adopted", adopted.map(s -> Duration.ofNanos(s.nanos() - begin)), bounds.adopted());
        }
        become(stage, child -> true);
        findings.equal(
                TARGET.id() + ": restarts after the update",
                child(supervisor(stage)).restarts(),
                remembered);
    }

    private static void oneRestart(Stage stage, Findings findings, Bounds bounds) {
        long connection = stage.client(TARGET).metrics().connection();
        stage.faults(TARGET).upgrades(1, Upgrade.refuse(503));
        Fault cut = stage.faults(TARGET).reset();
        findings.closes(TARGET, cut.connections().size());
        Optional<Arrival> data = stage.awaitData(TARGET, connection, bounds.backAfter(1));
        findings.time(
                TARGET.id() + ": data again after a restart",
                data.map(a -> Duration.ofNanos(a.nanos() - cut.nanos())),
                bounds.told().plus(bounds.backAfter(1)));
    }

    /** The group shows what it did a moment after it has done it; what it shows then is checked by the caller. */
    private static void become(Stage stage, Predicate<ChildStatus> wanted) {
        stage.await(
                () -> stage.supervisor()
                        .flatMap(SupervisionSteps::find)
                        .filter(wanted)
                        .isPresent(),
                stage.allowance());
    }

    private static Supervisor supervisor(Stage stage) {
        return stage.supervisor().orElseThrow(() -> new IllegalStateException("there is no supervisor"));
    }

    private static ChildStatus child(Supervisor supervisor) {
        return find(supervisor).orElseThrow(() -> new IllegalStateException("the group has no child " + TARGET.id()));
    }

    private static Optional<ChildStatus> find(Supervisor supervisor) {
        return supervisor.status().children().stream()
                .filter(child -> child.id().equals(TARGET.id()))
                .findFirst();
    }

    private static Supervisor.Reply ok(CompletionStage<Supervisor.Reply> order)
            throws InterruptedException, ExecutionException, TimeoutException {
        return order.toCompletableFuture().get(ANSWER_SECONDS, TimeUnit.SECONDS);
    }
}
