// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.itests.support.ContainerLog;
import io.holdfast.itests.support.Containers;
import io.holdfast.itests.support.TestBundle;
import java.time.Duration;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The container itself: every bundle of the runnable jar starts, and what goes wrong in it can be seen. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class ContainerIT {

    @Inject
    private BundleContext context;

    @Configuration
    public Option[] configuration() {
        return Containers.standard(
                ContainerIT.class,
                Containers.provide("failing", TestBundle.of("io.holdfast.itests.failing", "1.0.0", Failing.class)));
    }

    @Test
    public void the_framework_is_the_one_this_run_is_for() {
        assertThat(context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getSymbolicName())
                .isEqualTo(
                        switch (Containers.framework()) {
                            case "felix" -> "org.apache.felix.framework";
                            case "equinox" -> "org.eclipse.osgi";
                            default -> throw new IllegalStateException("unknown framework " + Containers.framework());
                        });
    }

    @Test
    public void every_bundle_is_active() {
        assertThat(context.getBundles())
                .filteredOn(
                        bundle -> (bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) == 0)
                .allSatisfy(bundle -> assertThat(bundle.getState())
                        .as(bundle.getSymbolicName())
                        .isEqualTo(Bundle.ACTIVE));
        assertThat(Stream.of(context.getBundles()).map(Bundle::getSymbolicName))
                .contains(
                        "io.holdfast.api",
                        "io.holdfast.client",
                        "io.holdfast.transport.jetty",
                        "io.holdfast.supervisor",
                        "io.holdfast.heartbeat.generic",
                        "io.holdfast.heartbeat.deribit",
                        "io.holdfast.heartbeat.binance",
                        "io.holdfast.exchange.deribit",
                        "io.holdfast.exchange.binance",
                        "io.holdfast.shell",
                        "io.holdfast.simulator",
                        "io.holdfast.app");
    }

    @Test
    public void what_service_component_runtime_reports_reaches_the_log() throws Exception {
        Bundle bundle = context.installBundle(Containers.provided("failing"));
        try {
            bundle.start();
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() ->
                            assertThat(ContainerLog.linesWith(Failing.TEXT)).isNotEmpty());
        } finally {
            bundle.uninstall();
        }
    }

    @Test
    public void no_lock_was_waited_for_in_vain() {
        assertThat(ContainerLog.linesWith("Could not obtain lock")).isEmpty();
    }

    /** A component that cannot be activated. */
    @Component(immediate = true, service = Failing.class)
    public static final class Failing {

        static final String TEXT = "this component fails on purpose";

        @Activate
        public Failing() {
            throw new IllegalStateException(TEXT);
        }
    }
}
