// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.holdfast.api.supervision.Supervisor;
import io.holdfast.itests.support.Bundles;
import io.holdfast.itests.support.Configurations;
import io.holdfast.itests.support.Containers;
import io.holdfast.itests.support.GenericClient;
import io.holdfast.itests.support.Loaders;
import io.holdfast.itests.support.Services;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import javax.inject.Inject;
import org.apache.felix.inventory.Format;
import org.apache.felix.inventory.InventoryPrinter;
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

/** The dump of the supervision tree. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class InventoryIT {

    private static final String PRINTER = "(felix.inventory.printer.name=holdfast)";

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
                Containers.standard(InventoryIT.class),
                Containers.optional("io.holdfast.inventory", "org.apache.felix.inventory"));
    }

    @Before
    public void start() {
        bundles = new Bundles(context);
        services = new Services(context);
        configurations = new Configurations(admin);
        configurations.unlimitedAttempts();
        simulator = Simulator.start(SimulatorOptions.builder().rate(100).build());
        configurations.set(Configurations.GROUP, "trading", Map.of("intensity", 3, "period", "10m"));
        for (String id : List.of("first", "second")) {
            configurations.set(Configurations.CLIENT, id, GenericClient.fragile(simulator, id, "trading"));
        }
        Map<String, Object> alone = GenericClient.options(simulator, "alone");
        alone.put("uri", alone.get("uri") + "?listenKey=cAnArY-query");
        configurations.set(Configurations.CLIENT, "alone", alone);
        List.of("first", "second", "alone")
                .forEach(id -> services.awaitCondition("holdfast.client." + id + ".ready", true));
    }

    @After
    public void stop() {
        configurations.close();
        simulator.awaitNoneOpen(Services.LIMIT);
        simulator.close();
    }

    private String print(Format format) {
        StringWriter out = new StringWriter();
        services.get(InventoryPrinter.class, PRINTER).print(new PrintWriter(out), format, false);
        return out.toString();
    }

    @Test
    public void both_formats_show_the_whole_tree_and_no_secret() throws Exception {
        Supervisor supervisor = services.supervisor("trading");
        assertThat(supervisor.terminateChild("second").toCompletableFuture().get())
                .isEqualTo(Supervisor.Reply.OK);

        JsonObject tree = JsonParser.parseString(print(Format.JSON)).getAsJsonObject();
        JsonObject group = tree.getAsJsonArray("groups").get(0).getAsJsonObject();
        assertThat(group.get("group").getAsString()).isEqualTo("trading");
        assertThat(group.get("alive").getAsBoolean()).isTrue();
        assertThat(group.get("intensity").getAsInt()).isEqualTo(3);
        assertThat(group.get("periodMillis").getAsLong()).isEqualTo(600_000);
        assertThat(group.getAsJsonArray("children")).hasSize(2);
        Map<String, String> states = Map.of(
                child(group, 0).get("id").getAsString(),
                        child(group, 0).get("state").getAsString(),
                child(group, 1).get("id").getAsString(),
                        child(group, 1).get("state").getAsString());
        assertThat(states).isEqualTo(Map.of("first", "RUNNING", "second", "STOPPED"));
        JsonObject alone = tree.getAsJsonArray("others").get(0).getAsJsonObject();
        assertThat(tree.getAsJsonArray("others")).hasSize(1);
        assertThat(alone.get("id").getAsString()).isEqualTo("alone");
        assertThat(alone.get("state").getAsString()).isEqualTo("READY");
        assertThat(alone.get("health").getAsString()).isEqualTo("OK");
        assertThat(alone.getAsJsonObject("metrics").get("opens").getAsLong()).isEqualTo(1);
        assertThat(alone.get("uri").getAsString()).startsWith("ws://127.0.0.1:").endsWith(GenericClient.path("alone"));

        String text = print(Format.TEXT);
        assertThat(text)
                .contains(
                        "group trading: 1 of 2 running, at most 3 restarts in 600000 ms",
                        "  first: RUNNING",
                        "  second: STOPPED",
                        "without supervisor",
                        "  alone",
                        "    state: READY, OK");
        assertThat(text + print(Format.JSON)).doesNotContain("cAnArY", "listenKey");
    }

    private static JsonObject child(JsonObject group, int index) {
        return group.getAsJsonArray("children").get(index).getAsJsonObject();
    }

    @Test
    public void it_goes_with_its_bundle() {
        Bundle inventory = bundles.named("io.holdfast.inventory");
        Loaders loaders = new Loaders();
        assertThat(print(Format.TEXT)).contains("alone");
        for (int i = 0; i < Loaders.MANY; i++) {
            loaders.watch(inventory);
            bundles.update(inventory);
            assertThat(print(Format.TEXT)).contains("alone");
        }
        loaders.awaitCollected();
        bundles.stop(inventory);
        assertThat(services.references(InventoryPrinter.class, PRINTER)).isEmpty();
        bundles.start(inventory);
        assertThat(print(Format.TEXT)).contains("alone");
    }
}
