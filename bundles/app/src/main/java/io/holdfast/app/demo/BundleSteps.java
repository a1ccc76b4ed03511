// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.demo;

import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.app.demo.Sightings.Sighting;
import io.holdfast.simulator.Deribit;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.osgi.framework.BundleException;

/** Plugins that come and go under living connections, with data flowing. */
final class BundleSteps {

    private static final String PLUGIN = "io.holdfast.heartbeat.deribit";
    private static final int DEADLINES = 10;

    private BundleSteps() {}

    static void pluginUpdated(Stage stage, Findings findings)
            throws InterruptedException, BundleException, IOException {
        long begin = System.nanoTime();
        stage.bundles().update(PLUGIN);
        bound(stage, findings, begin);
        beats(stage, findings);
    }

    /** Its profile stays in force; ten times over the server would have closed a connection that answers nothing. Then it comes back. */
    static void pluginGone(Stage stage, Findings findings) throws InterruptedException, BundleException, IOException {
        Deribit deribit = stage.simulator().deribit();
        Bounds bounds = stage.bounds(Target.DERIBIT);
        Duration absence = bounds.heartbeat().silence().multipliedBy(DEADLINES);
        long sent = deribit.testRequestsSent();
        long begin = System.nanoTime();
        String location = stage.bundles().uninstall(PLUGIN);
        Optional<Sighting> degraded = stage.await(Target.DERIBIT, Type.DEGRADED, begin, bounds.told());
        findings.time(
                "deribit: shown as degraded", degraded.map(s -> Duration.ofNanos(s.nanos() - begin)), bounds.told());
        stage.pass(absence.minusNanos(System.nanoTime() - begin));
        findings.atLeast(
                "deribit: heartbeats asked for in " + Findings.seconds(absence) + " without the plugin",
                deribit.testRequestsSent() - sent,
                absence.dividedBy(bounds.heartbeat().serverBeat()));
        findings.equal("deribit: heartbeats left unanswered", deribit.testRequestsLost(), 0L);
        long again = System.nanoTime();
        stage.bundles().install(location);
        bound(stage, findings, again);
        beats(stage, findings);
    }

    private static void bound(Stage stage, Findings findings, long begin) throws InterruptedException {
        Duration bound = stage.bounds(Target.DERIBIT).bound();
        Optional<Sighting> there = stage.await(Target.DERIBIT, Type.HEARTBEAT_BOUND, begin, bound);
        findings.time("deribit: plugin in force again", there.map(s -> Duration.ofNanos(s.nanos() - begin)), bound);
    }

    /** The next heartbeat is answered by what is in force now. */
    private static void beats(Stage stage, Findings findings) {
        Deribit deribit = stage.simulator().deribit();
        Bounds bounds = stage.bounds(Target.DERIBIT);
        Duration bound = bounds.beatless();
        long answered = deribit.testRequestsAnswered();
        long begin = System.nanoTime();
        boolean came = stage.await(() -> deribit.testRequestsAnswered() > answered, bound.plus(bounds.allowance()));
        findings.time(
                "deribit: next heartbeat answered",
                came ? Optional.of(Duration.ofNanos(System.nanoTime() - begin)) : Optional.empty(),
                bound);
    }
}
