// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.WebSocketClient;
import io.holdfast.itests.support.Containers;
import io.holdfast.itests.support.Services;
import io.holdfast.simulator.AcceptRecord;
import io.holdfast.simulator.Session;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import java.nio.file.Path;
import java.time.Duration;
import javax.inject.Inject;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** The two OSGi examples as they are packaged, against the simulator: installed, they connect; uninstalled, nothing is left. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class ExamplesIT {

    private static final String URI = "holdfast.example.uri";
    private static final String CHANNEL = "ticker.BTC-PERPETUAL.100ms";

    @Inject
    private BundleContext context;

    private Services services;
    private Simulator simulator;

    @Configuration
    public Option[] configuration() {
        return Containers.standard(ExamplesIT.class);
    }

    @Before
    public void start() {
        services = new Services(context);
        // Ten times as fast as what the examples ask for: their 30 s are three.
        simulator = Simulator.start(SimulatorOptions.builder()
                .heartbeatUnit(Duration.ofMillis(100))
                .rate(50)
                .build());
        System.setProperty(URI, simulator.uri("/ws/api/v2").toString());
    }

    @After
    public void stop() {
        System.clearProperty(URI);
        simulator.close();
    }

    private Bundle install(String folder, String name) throws Exception {
        Path jar = Path.of(
                System.getProperty("holdfast.examples"),
                folder,
                "target",
                "io.holdfast.examples." + name + "-" + System.getProperty("holdfast.version") + ".jar");
        Bundle bundle = context.installBundle(jar.toUri().toString());
        bundle.start();
        return bundle;
    }

    private Session works(String client, String group) {
        Session session = simulator.awaitOpen(1, Services.LIMIT).get(0);
        awaitData(session);
        simulator.await("answers", () -> simulator.deribit().testRequestsAnswered() >= 2, Services.LIMIT);
        assertThat(simulator.deribit().state(session.number()).setHeartbeats()).isEqualTo(1);
        org.awaitility.Awaitility.await()
                .atMost(Services.LIMIT)
                .until(() -> services.supervisor(group).status().children().stream()
                        .anyMatch(child -> child.id().equals(client)));
        return session;
    }

    /** Then the client, too, knows that the connection is open: one that still opens is not closed in order. */
    private void awaitData(Session session) {
        simulator.await(
                "data",
                () -> simulator.data().written(CHANNEL, session.number()).stream()
                        .anyMatch(r -> true),
                Services.LIMIT);
    }

    private void leavesNothing(Bundle bundle) throws Exception {
        bundle.uninstall();
        simulator.awaitNoneOpen(Services.LIMIT);
        assertThat(simulator.acceptLog())
                .last()
                .satisfies(a -> assertThat(a.end()).isEqualTo(AcceptRecord.End.CLIENT_CLOSE));
    }

    @Test
    public void configured() throws Exception {
        Bundle bundle = install("osgi-configured", "configured");
        Session first = works("example-configured", "example-trading");
        assertThat(services.references(WebSocketClient.class, "(client.id=example-configured)"))
                .hasSize(1);

        first.reset();
        awaitData(simulator.awaitOpenAfter(first.number(), Services.LIMIT));

        leavesNothing(bundle);
    }

    @Test
    public void by_api() throws Exception {
        Bundle bundle = install("osgi-api", "api");
        works("example-api", "example-desk");

        leavesNothing(bundle);
    }
}
