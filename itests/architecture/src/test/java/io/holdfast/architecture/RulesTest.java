// SPDX-License-Identifier: Apache-2.0
package io.holdfast.architecture;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every rule finds in a house of broken rules what it is for, and nothing else. */
class RulesTest {
    private static final String ROOT = "io.holdfast.architecture.fixture";

    private static final Map<String, Set<String>> BREACHES = Map.ofEntries(
            // The same words for all bundles of the fixture.
            entry("imports of app", Set.of("app.Table")),
            entry("imports of client", Set.of("client.ClientWithEverything")),
            entry("imports of heartbeat.kit", Set.of("heartbeat.kit.Rig")),
            entry("imports of inventory", Set.of("inventory.Smells")),
            entry("imports of metrics", Set.of("metrics.Figures")),
            entry("imports of metrics.prometheus", Set.of("metrics.prometheus.Page")),
            entry("imports of simulator", Set.of("simulator.Exchange")),
            entry("imports of supervisor", Set.of("supervisor.Group")),
            entry("imports of transport.jetty", Set.of("transport.jetty.Wire")),
            entry("api stands alone", Set.of("api.client.ContractWithLogger")),
            entry("only the transport knows Jetty", Set.of("client.ClientWithEverything")),
            entry("the supervisor knows no WebSocket", Set.of("supervisor.Group")),
            entry(
                    "cores are pure",
                    Set.of(
                            "client.core.CoreWithThread",
                            "client.core.CoreWithSocket",
                            "client.core.CoreWithFramework")),
            entry(
                    "cores read no clock",
                    Set.of(
                            "client.core.CoreWithClock",
                            "client.core.CoreWithClock$Wall",
                            "client.core.CoreWithClock$Dice")),
            entry("no static state", smells("StaticField", "StaticPool", "StaticCounter")),
            entry("no static collections that change", smells("StaticMap", "StaticConcurrentMap", "StaticList")),
            entry("no static loggers", smells("StaticLogger")),
            entry("no thread locals", smells("OfTheThread")),
            entry("no timers", smells("OwnTimer")),
            entry("no field injection", smells("InjectedField", "InjectedService")),
            entry("no work in activation", smells("WaitsInActivate", "ConnectsInConstructor", "WaitsInBind")),
            entry("unbind removes only its own", smells("ForgetsTheNewOne")),
            entry("no restart by configuration", smells("RewritesConfiguration")),
            entry("no reflection into others", smells("OpensOthers")),
            entry("no pool of the JDK", smells("BorrowsThreads", "BorrowsATimer")),
            entry("no sleeping", smells("Sleeps")),
            entry("no other logging", smells("LogsElsewhere")),
            entry("no standard streams", smells("PrintsOut", "PrintsStack")),
            entry("no end of the process", smells("EndsAll")),
            entry("nothing unsupported", smells("DoesNothing")));

    /** A name in the fixture: packages in small letters, then classes. */
    private static final Pattern CLASS =
            Pattern.compile("<" + Pattern.quote(ROOT) + "\\.((?:[a-z]+\\.)+[A-Z]\\w*(?:\\$[A-Z]\\w*)*)");

    private final Map<String, ArchRule> rules = rules();

    @Test
    void everyRuleHasItsBreach() {
        assertThat(BREACHES.keySet()).containsAll(withoutImports(rules.keySet()));
        assertThat(rules.keySet()).containsAll(BREACHES.keySet());
    }

    @TestFactory
    Stream<DynamicTest> ruleFinds() {
        JavaClasses fixture = new ClassFileImporter().importPackages(ROOT);
        return BREACHES.entrySet().stream()
                .map(breach -> DynamicTest.dynamicTest(
                        breach.getKey(),
                        () -> assertThat(guilty(rules.get(breach.getKey()), fixture))
                                .isEqualTo(new TreeSet<>(breach.getValue()))));
    }

    private static Map<String, ArchRule> rules() {
        List<String> bundles = List.of(
                "api",
                "app",
                "client",
                "heartbeat.kit",
                "inventory",
                "metrics",
                "metrics.prometheus",
                "simulator",
                "supervisor",
                "transport.jetty");
        Map<String, ArchRule> rules = new LinkedHashMap<>(new ImportRules(ROOT, bundles).all());
        rules.putAll(new SmellRules(ROOT).all());
        return rules;
    }

    private static List<String> withoutImports(Set<String> names) {
        return names.stream().filter(name -> !name.equals("imports of api")).toList();
    }

    private static Set<String> smells(String... names) {
        return Set.copyOf(
                Stream.of(names).map(name -> "inventory.Smells$" + name).toList());
    }

    /** The first class that each line of the report names is the one that breaks the rule. */
    private static Set<String> guilty(ArchRule rule, JavaClasses classes) {
        Set<String> guilty = new TreeSet<>();
        for (String line : rule.evaluate(classes).getFailureReport().getDetails()) {
            Matcher matcher = CLASS.matcher(line);
            assertThat(matcher.find()).as(line).isTrue();
            guilty.add(matcher.group(1));
        }
        return guilty;
    }
}
