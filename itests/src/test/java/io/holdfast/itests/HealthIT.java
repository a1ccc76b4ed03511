// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.api.supervision.Supervisor;
import io.holdfast.itests.support.Bundles;
import io.holdfast.itests.support.Configurations;
import io.holdfast.itests.support.Containers;
import io.holdfast.itests.support.DeribitClient;
import io.holdfast.itests.support.GenericClient;
import io.holdfast.itests.support.Services;
import io.holdfast.simulator.Simulator;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.inject.Inject;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
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
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;

/** Health checks of clients and groups, run by Felix's executor, while real faults happen. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class HealthIT {

    private static final Duration UNIT = Duration.ofMillis(100);
    private static final String GROUP = "trading";
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
                Containers.standard(HealthIT.class),
                Containers.optional(
                        "io.holdfast.health",
                        "org.apache.felix.healthcheck.api",
                        "org.apache.felix.healthcheck.core",
                        "org.osgi.service.servlet",
                        "org.apache.felix.http.servlet-api",
                        "org.apache.aries.jmx.whiteboard"));
    }

    @Before
    public void start() {
        bundles = new Bundles(context);
        services = new Services(context);
        configurations = new Configurations(admin);
        configurations.unlimitedAttempts();
        simulator = DeribitClient.simulator(UNIT, 100);
    }

    @After
    public void stop() {
        configurations.close();
        simulator.awaitNoneOpen(Services.LIMIT);
        simulator.close();
        await().atMost(Services.LIMIT)
                .until(() -> services.references(HealthCheck.class, OURS).isEmpty());
    }

    private Result run(String name) {
        List<HealthCheckExecutionResult> results = executor.execute(
                HealthCheckSelector.names(name), new HealthCheckExecutionOptions().setForceInstantExecution(true));
        assertThat(results).as("checks named " + name).hasSize(1);
        return results.get(0).getHealthCheckResult();
    }

    private void awaitStatus(String name, Status status, String... words) {
        await(name + " is " + status).atMost(Services.LIMIT).untilAsserted(() -> {
            Result result = run(name);
            assertThat(result.getStatus()).as(result.toString()).isEqualTo(status);
            assertThat(List.of(words))
                    .allSatisfy(word -> assertThat(result.toString()).contains(word));
        });
    }

    private void awaitChecks(int count) {
        await(count + " checks")
                .atMost(Services.LIMIT)
                .until(() -> services.references(HealthCheck.class, OURS).size() == count);
    }

    private void group(int intensity) {
        configurations.set(Configurations.GROUP, GROUP, Map.of("intensity", intensity, "period", "10m"));
    }

    private void fragile(String id) {
        Map<String, Object> options = GenericClient.fragile(simulator, id, GROUP);
        options.put("child.restart", "permanent");
        configurations.set(Configurations.CLIENT, id, options);
    }

    @Test
    public void an_outage_is_temporary_and_passes() {
        Map<String, Object> options = GenericClient.options(simulator, "alone");
        configurations.set(Configurations.CLIENT, "alone", options);
        awaitChecks(1);
        awaitStatus("Holdfast client alone", Status.OK, "READY");

        simulator.faults().refuse();
        simulator.faults().reset();
        awaitStatus("Holdfast client alone", Status.TEMPORARILY_UNAVAILABLE, "last cause");

        simulator.faults().accept();
        awaitStatus("Holdfast client alone", Status.OK, "READY");
    }

    @Test
    public void a_heartbeat_plugin_that_left_is_a_warning_until_it_is_back() {
        Map<String, Object> options = DeribitClient.options(simulator, UNIT);
        options.put("listeners.required", 0);
        configurations.set(Configurations.CLIENT, "deribit", options);
        awaitChecks(1);
        awaitStatus("Holdfast client deribit", Status.OK);

        Bundle plugin = bundles.named("io.holdfast.heartbeat.deribit");
        bundles.stop(plugin);
        awaitStatus("Holdfast client deribit", Status.WARN, "heartbeat plugin left");
        assertThat(simulator.accepts()).as("sockets").isEqualTo(1);
        bundles.start(plugin);
        awaitStatus("Holdfast client deribit", Status.OK);
    }

    @Test
    public void beyond_the_intensity_it_is_critical_for_the_client_and_its_group_until_reset() throws Exception {
        group(1);
        fragile("first");
        fragile("second");
        awaitChecks(3);
        awaitStatus("Holdfast group " + GROUP, Status.OK, "2 of 2 running");
        awaitStatus("Holdfast client first", Status.OK);

        // Each loss ends an incarnation; the second is one too many.
        for (int accepts = simulator.accepts(); simulator.accepts() <= accepts; ) {
            simulator.faults().on(GenericClient.path("first")).reset();
            simulator.await("the first's next connection", () -> simulator.accepts() > accepts, Services.LIMIT);
        }
        awaitStatus("Holdfast client first", Status.OK);
        simulator.faults().on(GenericClient.path("first")).reset();
        awaitStatus("Holdfast client first", Status.CRITICAL, "given up", "restarts in 600 s");
        awaitStatus("Holdfast group " + GROUP, Status.CRITICAL, "client first: given up", "client second: READY");
        awaitStatus("Holdfast client second", Status.OK);

        assertThat(services.supervisor(GROUP)
                        .reset("first")
                        .toCompletableFuture()
                        .get())
                .isEqualTo(Supervisor.Reply.OK);
        awaitStatus("Holdfast client first", Status.OK);
        awaitStatus("Holdfast group " + GROUP, Status.OK);
    }

    @Test
    public void stopped_on_purpose_is_a_warning_and_refused_for_good_is_critical() throws Exception {
        group(10);
        fragile("first");
        awaitChecks(2);
        awaitStatus("Holdfast client first", Status.OK);

        assertThat(services.supervisor(GROUP)
                        .terminateChild("first")
                        .toCompletableFuture()
                        .get())
                .isEqualTo(Supervisor.Reply.OK);
        awaitStatus("Holdfast client first", Status.WARN, "stopped; stays so");
        awaitStatus("Holdfast group " + GROUP, Status.WARN);
        assertThat(services.supervisor(GROUP)
                        .restartChild("first")
                        .toCompletableFuture()
                        .get())
                .isEqualTo(Supervisor.Reply.OK);
        awaitStatus("Holdfast client first", Status.OK);

        simulator.faults().on(GenericClient.path("first")).close(1008, "go away");
        awaitStatus("Holdfast client first", Status.CRITICAL, "go away");
        awaitStatus("Holdfast group " + GROUP, Status.CRITICAL);
    }

    @Test
    public void a_group_without_supervisor_is_a_warning() {
        group(10);
        fragile("first");
        awaitChecks(2);
        awaitStatus("Holdfast group " + GROUP, Status.OK);

        Bundle supervisor = bundles.named("io.holdfast.supervisor");
        bundles.stop(supervisor);
        awaitStatus("Holdfast group " + GROUP, Status.WARN, "has no supervisor now");
        awaitChecks(2);
        bundles.start(supervisor);
        awaitStatus("Holdfast group " + GROUP, Status.OK);
        assertThat(simulator.accepts()).as("sockets").isEqualTo(1);
    }

    @Test
    public void the_same_is_seen_through_jmx() throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName client = new ObjectName("org.apache.felix.healthcheck:type=HealthCheck,name=holdfast-client-first");
        ObjectName group = new ObjectName("org.apache.felix.healthcheck:type=HealthCheck,name=holdfast-group-" + GROUP);
        // As Karaf does.
        ServiceRegistration<MBeanServer> registration = context.registerService(MBeanServer.class, server, null);
        group(10);
        fragile("first");
        await().atMost(Services.LIMIT).until(() -> server.isRegistered(client) && server.isRegistered(group));
        awaitStatus("Holdfast client first", Status.OK);
        await().atMost(Services.LIMIT)
                .untilAsserted(
                        () -> assertThat(server.getAttribute(client, "status")).isEqualTo("OK"));
        assertThat(server.getAttribute(client, "ok")).isEqualTo(true);

        configurations.delete(Configurations.CLIENT, "first");
        configurations.delete(Configurations.GROUP, GROUP);
        await().atMost(Services.LIMIT).until(() -> !server.isRegistered(client) && !server.isRegistered(group));
        registration.unregister();
    }

    @Test
    public void tags_are_configured_live() {
        configurations.set(Configurations.CLIENT, "alone", GenericClient.options(simulator, "alone"));
        awaitChecks(1);
        configurations.setSingle("io.holdfast.health", Map.of("client.tags", new String[] {"ready"}));
        await().atMost(Services.LIMIT)
                .until(() -> services.references(HealthCheck.class, "(hc.tags=ready)")
                                .size()
                        == 1);
        awaitChecks(1);
        configurations.deleteSingle("io.holdfast.health");
        await().atMost(Services.LIMIT)
                .until(() -> services.references(HealthCheck.class, "(hc.tags=ready)")
                        .isEmpty());
        awaitChecks(1);
    }
}
