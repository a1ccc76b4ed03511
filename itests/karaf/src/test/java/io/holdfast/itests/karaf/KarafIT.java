// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.karaf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.apache.karaf.features.BootFinished;
import org.apache.karaf.features.FeaturesService;
import org.apache.karaf.shell.api.console.SessionFactory;
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
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/**
 * The life of our features in a real Karaf, from installing to uninstalling. The test is wired to no bundle of ours, so that it does
 * not take part in what happens to them: it looks at the registry and types commands.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class KarafIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String PLUGIN = "io.holdfast.heartbeat.deribit";
    private static final String OTHER_PLUGIN = "holdfast.itests.plugin";
    private static final String MARK = "X-Other";
    private static final String READY = "holdfast.client.deribit.ready";

    /** Somebody else's feature, with a Jetty of another version. */
    private static final String STRANGER = "http";

    @Inject
    private BundleContext context;

    @Inject
    private FeaturesService features;

    @Inject
    private SessionFactory sessions;

    /** Injected when Karaf has installed everything of its own. */
    @Inject
    private BootFinished booted;

    private Path etc;
    private Console console;

    @Configuration
    public Option[] configuration() throws IOException {
        List<Option> options = KarafContainer.standard();
        options.add(systemProperty(OTHER_PLUGIN)
                .value(MarkedBundle.of(PLUGIN, MARK).toUri().toString()));
        return options.toArray(Option[]::new);
    }

    @Before
    public void addRepository() throws Exception {
        etc = Path.of(System.getProperty("karaf.etc"));
        console = new Console(sessions);
        features.addRepository(URI.create(System.getProperty(KarafContainer.FEATURES)));
    }

    @Test
    public void installed_configured_swapped_beside_a_stranger_and_uninstalled() throws Exception {
        Set<String> before = symbolicNames();
        try (BundleWatch karaf = new BundleWatch(context, name -> true)) {
            install("holdfast");
            install("holdfast-simulator");
            assertThat(ours())
                    .isNotEmpty()
                    .allSatisfy(bundle -> assertThat(bundle.getState())
                            .as(bundle.getSymbolicName())
                            .isEqualTo(Bundle.ACTIVE));
            assertThat(ours())
                    .extracting(Bundle::getSymbolicName)
                    .contains("io.holdfast.shell", "io.holdfast.simulator", PLUGIN);
            assertThat(karaf.disturbed())
                    .as("bundles disturbed by our features, of " + karaf.size())
                    .isEmpty();

            configure();
            swap();
            stranger();

            uninstall("holdfast-simulator");
            uninstall("holdfast");
            assertThat(ours()).isEmpty();
            assertThat(references("org.osgi.service.condition.Condition", "(osgi.condition.id=holdfast.*)"))
                    .isEmpty();
            assertThat(karaf.disturbed())
                    .as("bundles disturbed from beginning to end")
                    .isEmpty();
        }
        assertThat(symbolicNames()).containsAll(before);
    }

    /** By files in etc alone, as an operator does it. */
    private void configure() throws IOException {
        assertThat(etc.resolve("io.holdfast.supervisor-main.cfg")).exists();
        assertThat(etc.resolve("holdfast-client.example")).exists();
        await("the group of the feature's file")
                .atMost(LIMIT)
                .until(() -> references("io.holdfast.api.supervision.Supervisor", "(supervisor.group=main)")
                                .size()
                        == 1);
        Files.writeString(etc.resolve("io.holdfast.simulator.cfg"), "rate = 50\n");
        await("the simulator")
                .atMost(LIMIT)
                .until(() -> references("io.holdfast.simulator.Simulator", null).size() == 1);
        Object port = references("io.holdfast.simulator.Simulator", null).get(0).getProperty("simulator.port");

        Files.writeString(etc.resolve("io.holdfast.client-deribit.cfg"), """
                uri = ws://127.0.0.1:%s/ws/api/v2
                supervisor.group = main
                heartbeat.type = deribit
                heartbeat.interval = 60s
                heartbeat.limit = 60s
                listeners.required = 0
                open.messages = {"jsonrpc":"2.0","id":"sub","method":"public/subscribe","params":{"channels":["ticker.BTC-PERPETUAL.100ms"]}}
                open.messages.expect = "id":"sub"
                """.formatted(port));
        await("the client is ready").atMost(LIMIT).until(this::ready);
        awaitTraffic();
    }

    private boolean ready() {
        return !references("org.osgi.service.condition.Condition", "(osgi.condition.id=" + READY + ")")
                .isEmpty();
    }

    /** The connection is still the first, its data goes on, and the server's heartbeat is answered. */
    private void awaitTraffic() {
        long in = number("messages in");
        long answers = answers();
        console.run("simulator:testrequest");
        await("more messages").atMost(LIMIT).until(() -> number("messages in") > in + 20);
        await("the answer to test_request").atMost(LIMIT).until(() -> answers() > answers);
        assertThat(console.run("simulator:status")).contains("accepted 1\n");
        assertThat(console.run("holdfast:list")).contains("READY");
    }

    private long answers() {
        return console.number("simulator:status", "test_requests:");
    }

    private long number(String row) {
        return console.number("holdfast:show deribit", row);
    }

    private void swap() throws Exception {
        Bundle plugin = ours().stream()
                .filter(bundle -> bundle.getSymbolicName().equals(PLUGIN))
                .findFirst()
                .orElseThrow();
        try (BundleWatch others = new BundleWatch(context, name -> !name.equals(PLUGIN));
                InputStream other =
                        URI.create(System.getProperty(OTHER_PLUGIN)).toURL().openStream()) {
            plugin.update(other);
            assertThat(plugin.getHeaders().get(MARK)).isEqualTo("true");
            assertThat(plugin.getState()).isEqualTo(Bundle.ACTIVE);
            awaitTraffic();
            assertThat(others.disturbed())
                    .as("bundles disturbed by the new plugin")
                    .isEmpty();
        }
        await("the new plugin is in force")
                .atMost(LIMIT)
                .until(() -> !console.run("holdfast:list").contains("no plugin"));
    }

    private void stranger() throws Exception {
        try (BundleWatch own = new BundleWatch(
                context, name -> name.startsWith("io.holdfast.") || name.startsWith("org.eclipse.jetty."))) {
            install(STRANGER);
            assertThat(symbolicNames()).anyMatch(name -> name.startsWith("org.ops4j.pax.web"));
            awaitTraffic();
            uninstall(STRANGER);
            awaitTraffic();
            assertThat(own.disturbed())
                    .as("of our " + own.size() + " bundles, disturbed by a stranger's feature")
                    .isEmpty();
        }
    }

    private void install(String feature) throws Exception {
        features.installFeature(feature, EnumSet.of(FeaturesService.Option.Verbose));
        assertThat(features.isInstalled(features.getFeature(feature)))
                .as(feature)
                .isTrue();
    }

    private void uninstall(String feature) throws Exception {
        features.uninstallFeature(feature, EnumSet.of(FeaturesService.Option.Verbose));
        assertThat(features.isInstalled(features.getFeature(feature)))
                .as(feature)
                .isFalse();
    }

    private List<Bundle> ours() {
        return Stream.of(context.getBundles())
                .filter(bundle -> bundle.getSymbolicName().startsWith("io.holdfast."))
                .toList();
    }

    private Set<String> symbolicNames() {
        return Stream.of(context.getBundles()).map(Bundle::getSymbolicName).collect(Collectors.toSet());
    }

    /** Also of types this bundle is not wired to. */
    private List<ServiceReference<?>> references(String type, String filter) {
        try {
            ServiceReference<?>[] found = context.getAllServiceReferences(type, filter);
            return found == null ? List.of() : List.of(found);
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
