// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.itests.support.Bundles;
import io.holdfast.itests.support.Census;
import io.holdfast.itests.support.Configurations;
import io.holdfast.itests.support.ContainerLog;
import io.holdfast.itests.support.Containers;
import io.holdfast.itests.support.LiveClient;
import io.holdfast.itests.support.Loaders;
import io.holdfast.itests.support.Receiver;
import io.holdfast.itests.support.Repeats;
import io.holdfast.itests.support.Services;
import io.holdfast.simulator.Faults;
import io.holdfast.simulator.Session;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * After many reconnects and many updates of every bundle there are as many threads and services as before, and no class
 * loader of an earlier version. Not updated are api and simulator: the test itself is wired to them.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class NothingLeaksIT {

    private static final int RECONNECTS = Repeats.of("reconnects", 200);
    private static final int UPDATES = Repeats.of("updates", 20);
    private static final List<String> UPDATED = List.of(
            "io.holdfast.client",
            "io.holdfast.transport.jetty",
            "io.holdfast.supervisor",
            "io.holdfast.heartbeat.deribit",
            "io.holdfast.heartbeat.binance",
            "io.holdfast.heartbeat.generic",
            "io.holdfast.shell");

    /** Updated while there is no client: it ends all of them when it stops. */
    private static final String APPLICATION = "io.holdfast.app";

    private static final Duration UNIT = Duration.ofMillis(100);

    @Inject
    private BundleContext context;

    @Inject
    private ConfigurationAdmin admin;

    private Bundles bundles;
    private Configurations configurations;

    @Configuration
    public Option[] configuration() {
        return Containers.standard(NothingLeaksIT.class);
    }

    @Before
    public void start() {
        bundles = new Bundles(context);
        configurations = new Configurations(admin);
        configurations.set(Configurations.GROUP, "trading", Map.of("intensity", 10));
        // Whoever makes threads once and keeps them has made them now.
        try (LiveClient client = client()) {
            reconnect(client, 5);
        }
    }

    @After
    public void nobodyWaitedForALockInVain() {
        configurations.close();
        assertThat(ContainerLog.linesWith("Could not obtain lock")).isEmpty();
    }

    private LiveClient client() {
        return new LiveClient(
                context,
                admin,
                UNIT,
                200,
                Map.of("supervisor.group", "trading", "listeners.required", 0, "reconnect.attempts", 0));
    }

    /** Ends the connection in all ways there are, one after the other. */
    private static void reconnect(LiveClient client, int times) {
        Session session = client.simulator().open().get(0);
        Faults faults = client.simulator().faults();
        for (int i = 0; i < times; i++) {
            long ready = client.events().count(Type.READY);
            switch (i % 5) {
                case 0 -> faults.reset();
                case 1 -> faults.close(1001, "going away");
                case 2 -> faults.fin();
                case 3 -> faults.cutInFrame();
                default -> client.services().client(LiveClient.ID).reconnect();
            }
            session = client.simulator().awaitOpenAfter(session.number(), Services.LIMIT);
            client.events().await(Type.READY, ready + 1);
        }
    }

    @Test
    public void reconnects() {
        Census before = Census.atRest(context);
        Receiver receiver = new Receiver();
        ServiceRegistration<?> listener = receiver.listenTo(context, LiveClient.ID);
        try (LiveClient client = client()) {
            reconnect(client, RECONNECTS);
            receiver.numbers().awaitMore(10);
            assertThat(client.simulator().accepts()).isEqualTo(1 + RECONNECTS);
            assertThat(client.simulator().open()).hasSize(1);
        }
        listener.unregister();

        Census after = Census.atRest(context);
        assertThat(after.withoutTransportPool()).isEqualTo(before.withoutTransportPool());
        assertThat(after.threads().getOrDefault(Census.TRANSPORT_POOL, 0L)).isLessThanOrEqualTo(Census.TRANSPORT_LIMIT);
        System.out.printf("NothingLeaksIT: %d reconnects: threads %s%n", RECONNECTS, after.threads());
    }

    private void update(Bundle bundle, Loaders loaders) {
        for (int i = 0; i < UPDATES; i++) {
            loaders.watch(bundle);
            bundles.update(bundle);
        }
    }

    @Test
    public void updates() {
        Census before = Census.atRest(context);
        Loaders loaders = new Loaders();
        Receiver receiver = new Receiver();
        ServiceRegistration<?> listener = receiver.listenTo(context, LiveClient.ID);
        try (LiveClient client = client()) {
            for (String name : UPDATED) {
                Bundle bundle = bundles.named(name);
                update(bundle, loaders);
                client.services().awaitCondition("holdfast.client." + LiveClient.ID + ".ready", true);
                receiver.numbers().awaitMore(10);
                client.testRequest();
            }
            assertThat(client.simulator().open()).hasSize(1);
        }
        listener.unregister();
        update(bundles.named(APPLICATION), loaders);
        loaders.awaitCollected();
        // Bundles make their threads when they are needed: as before the first census.
        try (LiveClient client = client()) {
            reconnect(client, 5);
        }
        Census after = Census.atRest(context);
        assertThat(after.withoutTransportPool()).isEqualTo(before.withoutTransportPool());
        assertThat(after.threads().getOrDefault(Census.TRANSPORT_POOL, 0L)).isLessThanOrEqualTo(Census.TRANSPORT_LIMIT);
        System.out.printf(
                "NothingLeaksIT: %d updates of each of %d bundles: threads %s, loaders collected %s%n",
                UPDATES, UPDATED.size() + 1, after.threads(), loaders.collected());
    }
}
