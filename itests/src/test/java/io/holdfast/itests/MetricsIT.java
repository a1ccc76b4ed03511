// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.holdfast.itests.support.Bundles;
import io.holdfast.itests.support.Configurations;
import io.holdfast.itests.support.Containers;
import io.holdfast.itests.support.GenericClient;
import io.holdfast.itests.support.Loaders;
import io.holdfast.itests.support.Services;
import io.holdfast.itests.support.Web;
import io.holdfast.metrics.ScrapeEndpoint;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import javax.inject.Inject;
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

/** Both adapters in Felix, each scraped over HTTP. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class MetricsIT {

    private static final String PROMETHEUS = "io.holdfast.metrics.prometheus";
    private static final String FIRST = "{client=\"first\",group=\"trading\"}";

    @Inject
    private BundleContext context;

    @Inject
    private ConfigurationAdmin admin;

    private Bundles bundles;
    private Configurations configurations;
    private Services services;
    private Simulator simulator;

    @Configuration
    public Option[] configuration() {
        return OptionUtils.combine(
                Containers.standard(MetricsIT.class),
                Containers.optional(
                        "io.holdfast.metrics",
                        PROMETHEUS,
                        "io.holdfast.metrics.micrometer",
                        "micrometer-core",
                        "micrometer-commons",
                        "micrometer-registry-prometheus",
                        "prometheus-metrics-config",
                        "prometheus-metrics-core",
                        "prometheus-metrics-model",
                        "prometheus-metrics-tracer-common",
                        "prometheus-metrics-exposition-textformats",
                        "jsr305",
                        "jspecify"));
    }

    @Before
    public void start() {
        bundles = new Bundles(context);
        services = new Services(context);
        configurations = new Configurations(admin);
        configurations.unlimitedAttempts();
        simulator = Simulator.start(SimulatorOptions.builder().rate(100).build());
        configurations.set(Configurations.GROUP, "trading", Map.of("intensity", 3, "period", "10m"));
        Map<String, Object> options = GenericClient.options(simulator, "first");
        options.put("supervisor.group", "trading");
        configurations.set(Configurations.CLIENT, "first", options);
        services.awaitCondition("holdfast.client.first.ready", true);
    }

    @After
    public void stop() {
        configurations.close();
        simulator.awaitNoneOpen(Services.LIMIT);
        simulator.close();
    }

    /** Samples by name with labels. */
    private static Map<String, Double> samples(String scrape) {
        return scrape.lines()
                .filter(line -> !line.startsWith("#") && !line.isBlank())
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.lastIndexOf(' ')),
                        line -> Double.valueOf(line.substring(line.lastIndexOf(' ') + 1))));
    }

    @Test
    public void prometheus_scrapes_our_own_endpoint() {
        assertThat(services.references(ScrapeEndpoint.class, null))
                .as("nothing listens unasked")
                .isEmpty();
        configurations.setSingle(PROMETHEUS, Map.of("port", 0));
        URI uri = services.get(ScrapeEndpoint.class, null).uri();
        assertThat(uri.getHost()).isEqualTo("127.0.0.1");

        await().atMost(Services.LIMIT).untilAsserted(() -> {
            Map<String, Double> now = samples(Web.get(uri, "text/plain; version=0.0.4"));
            assertThat(now.get("holdfast_client_messages_in_total" + FIRST)).isGreaterThan(10);
            assertThat(now)
                    .containsEntry("holdfast_clients", 1.0)
                    .containsEntry("holdfast_child_restarts{child=\"first\",group=\"trading\"}", 0.0);
        });
        double before = samples(Web.get(uri, "text/plain")).get("holdfast_client_losses_total" + FIRST);
        simulator.faults().on(GenericClient.path("first")).reset();
        await().atMost(Services.LIMIT).untilAsserted(() -> {
            Map<String, Double> now = samples(Web.get(uri, "text/plain"));
            assertThat(now).containsEntry("holdfast_client_losses_total" + FIRST, before + 1);
            assertThat(now)
                    .containsEntry("holdfast_client_state{client=\"first\",group=\"trading\",state=\"READY\"}", 1.0);
        });

        configurations.delete(Configurations.CLIENT, "first");
        await().atMost(Services.LIMIT).until(() -> !Web.get(uri, "text/plain").contains("client=\"first\""));
        configurations.deleteSingle(PROMETHEUS);
        await().atMost(Services.LIMIT)
                .until(() -> services.references(ScrapeEndpoint.class, null).isEmpty());
        await().atMost(Services.LIMIT)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(t -> t.getName().equals("holdfast-metrics-http")));
    }

    @Test
    public void micrometer_gets_the_meters_of_a_registry_that_is_a_service() throws Exception {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = registry.scrape().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
        ServiceRegistration<MeterRegistry> registration = context.registerService(MeterRegistry.class, registry, null);
        try {
            await().atMost(Services.LIMIT).untilAsserted(() -> {
                Map<String, Double> now = samples(Web.get(uri, "text/plain"));
                assertThat(now)
                        .containsKey("holdfast_client_messages_in_total" + FIRST)
                        .containsKey("holdfast_client_in_bytes_total" + FIRST);
                assertThat(now.get("holdfast_client_messages_in_total" + FIRST)).isGreaterThan(10);
            });

            configurations.delete(Configurations.CLIENT, "first");
            await().atMost(Services.LIMIT)
                    .until(() -> !Web.get(uri, "text/plain").contains("client=\"first\""));
            assertThat(samples(Web.get(uri, "text/plain"))).containsEntry("holdfast_clients", 0.0);

            Bundle adapter = bundles.named("io.holdfast.metrics.micrometer");
            Loaders loaders = new Loaders();
            for (int i = 0; i < Loaders.MANY; i++) {
                loaders.watch(adapter);
                bundles.update(adapter);
                await().atMost(Services.LIMIT)
                        .until(() -> Web.get(uri, "text/plain").contains("holdfast_clients"));
            }
            loaders.awaitCollected();
            bundles.stop(adapter);
            assertThat(registry.getMeters()).as("meters of ours").isEmpty();
            bundles.start(adapter);
            await().atMost(Services.LIMIT)
                    .until(() -> Web.get(uri, "text/plain").contains("holdfast_clients"));

            registration.unregister();
            await().atMost(Services.LIMIT).until(() -> registry.getMeters().isEmpty());
        } finally {
            server.stop(0);
        }
    }
}
