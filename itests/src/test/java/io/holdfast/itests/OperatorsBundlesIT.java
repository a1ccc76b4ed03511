// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.itests.support.Bundles;
import io.holdfast.itests.support.Configurations;
import io.holdfast.itests.support.ContainerLog;
import io.holdfast.itests.support.Containers;
import io.holdfast.itests.support.GenericClient;
import io.holdfast.itests.support.Loaders;
import io.holdfast.itests.support.Services;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import java.util.List;
import java.util.Map;
import javax.inject.Inject;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result.Status;
import org.apache.felix.hc.api.execution.HealthCheckExecutionOptions;
import org.apache.felix.hc.api.execution.HealthCheckExecutionResult;
import org.apache.felix.hc.api.execution.HealthCheckExecutor;
import org.apache.felix.hc.api.execution.HealthCheckSelector;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.OptionUtils;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;

/** Health checks and the console come and go with clients and with their own bundles, and leave nothing behind. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class OperatorsBundlesIT {

    private static final String OURS = "(hc.tags=holdfast)";

    @Inject
    private BundleContext context;

    @Inject
    private ConfigurationAdmin admin;

    @Inject
    private HealthCheckExecutor executor;

    private Bundles bundles;
    private Configurations configurations;
    private Services services;
    private Simulator simulator;

    @Configuration
    public Option[] configuration() {
        return OptionUtils.combine(
                Containers.standard(OperatorsBundlesIT.class),
                Containers.optional(
                        "io.holdfast.health",
                        "org.apache.felix.healthcheck.api",
                        "org.apache.felix.healthcheck.core",
                        "org.osgi.service.servlet",
                        "org.apache.felix.http.servlet-api",
                        "io.holdfast.console",
                        "io.holdfast.inventory",
                        "org.apache.felix.inventory"));
    }

    @Before
    public void start() {
        bundles = new Bundles(context);
        services = new Services(context);
        configurations = new Configurations(admin);
        configurations.unlimitedAttempts();
        simulator = Simulator.start(SimulatorOptions.builder().rate(100).build());
    }

    @After
    public void stop() {
        configurations.close();
        simulator.awaitNoneOpen(Services.LIMIT);
        simulator.close();
    }

    private void awaitChecks(int count) {
        await(count + " checks")
                .atMost(Services.LIMIT)
                .until(() -> services.references(HealthCheck.class, OURS).size() == count);
    }

    private void awaitOk(String name) {
        await(name).atMost(Services.LIMIT).untilAsserted(() -> {
            List<HealthCheckExecutionResult> results = executor.execute(
                    HealthCheckSelector.names(name), new HealthCheckExecutionOptions().setForceInstantExecution(true));
            assertThat(results).hasSize(1);
            assertThat(results.get(0).getHealthCheckResult().getStatus()).isEqualTo(Status.OK);
        });
    }

    @Test
    public void nothing_is_left_of_clients_that_went_and_of_an_updated_bundle() {
        for (int i = 0; i < 20; i++) {
            configurations.set(Configurations.CLIENT, "passing", GenericClient.options(simulator, "passing"));
            awaitChecks(1);
            configurations.delete(Configurations.CLIENT, "passing");
            awaitChecks(0);
        }
        configurations.set(Configurations.CLIENT, "staying", GenericClient.options(simulator, "staying"));
        Bundle health = bundles.named("io.holdfast.health");
        Loaders loaders = new Loaders();
        awaitChecks(1);
        awaitOk("Holdfast client staying");
        for (int i = 0; i < Loaders.MANY; i++) {
            loaders.watch(health);
            bundles.update(health);
            awaitChecks(1);
            // The executor keeps the last result, and with it the check it came from.
            awaitOk("Holdfast client staying");
        }
        loaders.awaitCollected();
        bundles.stop(health);
        assertThat(services.references(HealthCheck.class, OURS)).isEmpty();
        await().atMost(Services.LIMIT)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(t -> t.getName().equals("holdfast-health")));
        bundles.start(health);
        awaitOk("Holdfast client staying");
    }

    @Test
    public void nothing_is_left_of_an_updated_console() {
        Bundle console = bundles.named("io.holdfast.console");
        Loaders loaders = new Loaders();
        configurations.setSingle("io.holdfast.console", Map.of("port", 0));
        awaitPages(1);
        for (int i = 0; i < Loaders.MANY; i++) {
            loaders.watch(console);
            bundles.update(console);
            awaitPages(2 + i);
        }
        loaders.awaitCollected();
        bundles.stop(console);
        await().atMost(Services.LIMIT)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(t -> t.getName().equals("holdfast-console-http")
                                || t.getName().equals("HTTP-Dispatcher")));
        bundles.start(console);
        awaitPages(2 + Loaders.MANY);
    }

    /** Each time it listens it says so once. */
    private static void awaitPages(int count) {
        await(count + " times a page")
                .atMost(Services.LIMIT)
                .until(() -> ContainerLog.linesWith("Console at ").size() == count);
    }
}
