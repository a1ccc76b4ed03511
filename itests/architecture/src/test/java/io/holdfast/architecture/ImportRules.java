// SPDX-License-Identifier: Apache-2.0
package io.holdfast.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Who may import whom: sections 1 and 2 of docs/architecture.md. */
final class ImportRules {
    /** Beside {@code api}, for each bundle that may import more: the bundles whose exported package is its contract. */
    private static final Map<String, Set<String>> MORE = Map.of(
            "app", Set.of("simulator"),
            "metrics.prometheus", Set.of("metrics"),
            "metrics.micrometer", Set.of("metrics"),
            // A library for tests on a class path: it runs the engine that ships.
            "heartbeat.kit", Set.of("client", "transport.jetty", "simulator"));

    private static final Pattern SOCKETS = Pattern.compile(
            "java\\.net\\.(\\w*Socket\\w*|URL|\\w*URLConnection|InetAddress|NetworkInterface|Proxy\\w*)");

    private final String root;

    /** Root packages, the longest first: {@code metrics.prometheus} is not part of {@code metrics}. */
    private final List<String> bundles;

    /**
     * @param root    the package that all bundles share
     * @param bundles their own root packages below it
     */
    ImportRules(String root, List<String> bundles) {
        this.root = root;
        List<String> sorted = new ArrayList<>(bundles);
        sorted.sort(Comparator.comparing(String::length).reversed());
        this.bundles = List.copyOf(sorted);
    }

    Map<String, ArchRule> all() {
        Map<String, ArchRule> rules = new LinkedHashMap<>();
        for (String bundle : bundles) {
            rules.put("imports of " + bundle, importsOf(bundle));
        }
        rules.put("api stands alone", apiStandsAlone());
        rules.put("only the transport knows Jetty", onlyTheTransportKnowsJetty());
        rules.put("the supervisor knows no WebSocket", supervisorKnowsNoWebSocket());
        rules.put("cores are pure", coresArePure());
        rules.put("cores read no clock", coresReadNoClock());
        return rules;
    }

    private ArchRule importsOf(String bundle) {
        Set<String> more = MORE.getOrDefault(bundle, Set.of());
        return noClasses()
                .that(are(bundle))
                .should()
                .dependOnClassesThat(describe(
                        "belong to another bundle than api" + (more.isEmpty() ? "" : " and " + more), target -> {
                            String owner = owner(target);
                            return !owner.isEmpty()
                                    && !owner.equals(bundle)
                                    && !owner.equals("api")
                                    && !more.contains(owner);
                        }))
                .because("imports run one way: everything to api, and no bundle imports another implementation");
    }

    private ArchRule apiStandsAlone() {
        return classes()
                .that(are("api"))
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage("java..", "javax.net.ssl..", "org.osgi.annotation..", root + ".api.."))
                .because("contracts bind their users to nothing else");
    }

    private ArchRule onlyTheTransportKnowsJetty() {
        return noClasses()
                .that(DescribedPredicate.not(are("transport.jetty")))
                .should()
                .dependOnClassesThat(resideInAPackage("org.eclipse.jetty.."))
                .because("the transport is replaceable");
    }

    private ArchRule supervisorKnowsNoWebSocket() {
        return noClasses()
                .that(are("supervisor"))
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        root + ".api.client..",
                        root + ".api.transport..",
                        root + ".api.heartbeat..",
                        root + ".api.exchange..",
                        "java.net.http.."))
                .because("it supervises anything that can attach, start, stop and exit");
    }

    private ArchRule coresArePure() {
        return noClasses()
                .that(decide())
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "org.osgi.framework..",
                                "org.osgi.service..",
                                "org.eclipse.jetty..",
                                "org.slf4j..",
                                "java.io..",
                                "java.net.http..",
                                "java.nio.channels..",
                                "java.nio.file..",
                                "java.util.concurrent.locks..",
                                "java.lang.reflect..")
                        .or(describe(
                                "run or wait for threads",
                                target -> target.isAssignableTo(java.util.concurrent.Executor.class)
                                        || target.isAssignableTo(Thread.class)
                                        || target.isAssignableTo(java.util.concurrent.CountDownLatch.class)
                                        || target.isAssignableTo(java.util.concurrent.BlockingQueue.class)
                                        || target.isAssignableTo(java.util.Timer.class)))
                        // The rest of java.net are addresses as data.
                        .or(describe(
                                "are sockets",
                                target -> SOCKETS.matcher(target.getName()).matches())))
                .because("decisions know no framework, socket, file or thread; shells execute them");
    }

    private ArchRule coresReadNoClock() {
        return noClasses()
                .that(decide())
                .should()
                .accessTargetWhere(describe("read a clock or chance", ImportRules::readsClockOrChance))
                .because("now is an argument, and so is the source of randomness");
    }

    private static boolean readsClockOrChance(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        String name = access.getTarget().getName();
        return owner.equals("java.lang.System") && (name.equals("nanoTime") || name.equals("currentTimeMillis"))
                || owner.startsWith("java.time.") && name.equals("now")
                || owner.equals("java.time.Clock")
                || owner.equals("java.lang.Math") && name.equals("random")
                || owner.equals("java.util.concurrent.ThreadLocalRandom")
                || owner.equals("java.util.Random");
    }

    /** The left column of the table in section 2. */
    private DescribedPredicate<JavaClass> decide() {
        List<String> single = List.of(
                root + ".client.endpoint.Backoff",
                root + ".client.endpoint.AttemptBudget",
                root + ".client.endpoint.Bans",
                root + ".client.endpoint.GrantLog",
                root + ".client.endpoint.RetryAfter",
                root + ".client.endpoint.TokenBucket");
        return resideInAnyPackage(root + ".client.core..", root + ".client.exchange..", root + ".supervisor.core..")
                .or(describe(
                        "are one of the cores",
                        type -> single.stream()
                                .anyMatch(core -> type.getName().equals(core)
                                        || type.getName().startsWith(core + "$"))))
                .as("are functional cores");
    }

    private DescribedPredicate<JavaClass> are(String bundle) {
        return describe("are of " + bundle, type -> owner(type).equals(bundle));
    }

    /** The bundle that a class is of, empty if of none. */
    private String owner(JavaClass type) {
        String name = type.getPackageName();
        for (String bundle : bundles) {
            String whole = root + "." + bundle;
            if (name.equals(whole) || name.startsWith(whole + ".")) {
                return bundle;
            }
        }
        return "";
    }
}
