// SPDX-License-Identifier: Apache-2.0
package io.holdfast.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.conditions.ArchConditions.never;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What does not go well in a container that lives for months while its bundles come and go. */
final class SmellRules {
    /** Its users are a terminal and a test report. */
    private static final Set<String> TALK_TO_A_TERMINAL = Set.of("app", "heartbeat.kit");

    /** Their keys are the services themselves, of which none is like another. */
    private static final Set<String> KEYED_BY_SERVICE =
            Set.of("app.CleanClose", "metrics.micrometer.MicrometerAdapter");

    private static final String ACTIVATE = "org.osgi.service.component.annotations.Activate";
    private static final String MODIFIED = "org.osgi.service.component.annotations.Modified";
    private static final String REFERENCE = "org.osgi.service.component.annotations.Reference";

    private static final Set<String> INJECT =
            Set.of(REFERENCE, ACTIVATE, "javax.inject.Inject", "jakarta.inject.Inject");

    private static final Set<String> CHANGEABLE = Set.of(
            "java.util.concurrent.Executor",
            "java.util.concurrent.locks.Lock",
            "java.lang.Thread",
            "java.lang.ThreadGroup",
            "java.util.Timer",
            "java.util.Random",
            "java.util.concurrent.atomic.LongAdder",
            "java.util.concurrent.atomic.AtomicBoolean",
            "java.util.concurrent.atomic.AtomicInteger",
            "java.util.concurrent.atomic.AtomicLong",
            "java.util.concurrent.atomic.AtomicReference",
            "java.util.concurrent.ConcurrentMap",
            "java.util.Queue",
            "java.lang.StringBuilder");

    private final String root;

    SmellRules(String root) {
        this.root = root;
    }

    Map<String, ArchRule> all() {
        Map<String, ArchRule> rules = new LinkedHashMap<>();
        rules.put("no static state", noStaticState());
        rules.put("no static collections that change", noStaticCollections());
        rules.put("no static loggers", noStaticLoggers());
        rules.put("no thread locals", noUseOf(ThreadLocal.class, "they pin class loaders in threads of others"));
        rules.put("no timers", noUseOf(java.util.Timer.class, "each is a thread; one scheduler is shared"));
        rules.put("no field injection", noFieldInjection());
        rules.put("no work in activation", noWaitingInActivation());
        rules.put("unbind removes only its own", unbindRemovesOnlyItsOwn());
        rules.put("no restart by configuration", noRestartByConfiguration());
        rules.put("no reflection into others", noReflection());
        rules.put("no pool of the JDK", noCommonPool());
        rules.put("no sleeping", noSleeping());
        rules.put("no other logging", noOtherLogging());
        rules.put("no standard streams", noStandardStreams());
        rules.put("no end of the process", noEndOfTheProcess());
        rules.put("nothing unsupported", nothingUnsupported());
        return rules;
    }

    private ArchRule noStaticState() {
        return fields().that()
                .areStatic()
                // Made by the compiler, for switches and assertions.
                .and(describe(
                        "are written by hand",
                        (JavaField field) -> !field.getModifiers().contains(JavaModifier.SYNTHETIC)))
                .should()
                .beFinal()
                .andShould(never(haveTypeThatChanges()))
                .because("a bundle can be there twice, and starts anew without a new class loader");
    }

    private static ArchCondition<JavaField> haveTypeThatChanges() {
        return new ArchCondition<>("have a type that changes") {
            @Override
            public void check(JavaField field, ConditionEvents events) {
                boolean changes =
                        CHANGEABLE.stream().anyMatch(type -> field.getRawType().isAssignableTo(type));
                events.add(new SimpleConditionEvent(
                        field,
                        changes,
                        field.getDescription() + " is of " + field.getRawType().getName()));
            }
        };
    }

    /** The declared type says only Map: what the initialiser makes tells, and whether it wraps what it made. */
    private ArchRule noStaticCollections() {
        return classes()
                .should(new ArchCondition<>("keep no static collection that changes") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        type.getStaticInitializer().ifPresent(initialiser -> {
                            List<JavaConstructorCall> made = initialiser.getConstructorCallsFromSelf().stream()
                                    .filter(call -> isCollection(call.getTargetOwner()))
                                    .toList();
                            long wrapped = initialiser.getMethodCallsFromSelf().stream()
                                    .filter(call -> call.getName().startsWith("unmodifiable")
                                            || call.getName().equals("copyOf"))
                                    .count();
                            if (made.size() > wrapped) {
                                made.forEach(
                                        call -> events.add(SimpleConditionEvent.violated(type, call.getDescription())));
                            }
                        });
                    }
                })
                .because("what is entered by one life of a bundle would be found by the next");
    }

    private static boolean isCollection(JavaClass made) {
        return made.getPackageName().startsWith("java.util")
                && (made.isAssignableTo(java.util.Collection.class) || made.isAssignableTo(Map.class));
    }

    private ArchRule noStaticLoggers() {
        return noFields()
                .that()
                .areStatic()
                .should()
                .haveRawType("org.slf4j.Logger")
                .because("a logger belongs to the instance that speaks");
    }

    private ArchRule noUseOf(Class<?> type, String why) {
        return noClasses().should().dependOnClassesThat().areAssignableTo(type).because(why);
    }

    private ArchRule noFieldInjection() {
        return noFields()
                .that(describe(
                        "are not lists that SCR replaces as a whole",
                        (JavaField field) -> !field.getModifiers().contains(JavaModifier.VOLATILE)
                                || !field.getRawType().isEquivalentTo(java.util.List.class)))
                .should()
                .beAnnotatedWith(describe(
                        "injected",
                        annotation -> INJECT.contains(annotation.getRawType().getName())))
                .because("a constructor says what is needed, and an object is complete when it is made");
    }

    private ArchRule noWaitingInActivation() {
        return codeUnits()
                .that(describe(
                        "are called by SCR to begin",
                        (JavaCodeUnit unit) -> unit.isAnnotatedWith(ACTIVATE)
                                || unit.isAnnotatedWith(MODIFIED)
                                || unit.isAnnotatedWith(REFERENCE)))
                .should(never(accessWhere("wait or connect", SmellRules::waitsOrConnects)))
                .because("SCR holds its locks meanwhile, and does not try again after a failure");
    }

    private static boolean waitsOrConnects(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        String name = access.getTarget().getName();
        return owner.isAssignableTo(java.util.concurrent.Future.class)
                        && Set.of("get", "join").contains(name)
                || Set.of("await", "awaitTermination").contains(name)
                || owner.isAssignableTo(Thread.class) && Set.of("join", "sleep").contains(name)
                || owner.isAssignableTo(Object.class) && name.equals("wait")
                || owner.getName().startsWith("java.net.Socket")
                || owner.getName().startsWith("java.nio.channels.SocketChannel")
                || owner.getName().startsWith("java.net.http.");
    }

    private ArchRule unbindRemovesOnlyItsOwn() {
        return codeUnits()
                .that(describe(
                        "are the other half of a reference",
                        (JavaCodeUnit unit) -> isUnbind(unit)
                                && KEYED_BY_SERVICE.stream()
                                        .noneMatch(type ->
                                                unit.getOwner().getName().equals(root + "." + type))))
                .should(never(accessWhere(
                        "remove by key alone",
                        access -> access.getTargetOwner().isAssignableTo(Map.class)
                                && access.getTarget().getName().equals("remove")
                                && parameters(access) == 1)))
                .because("the unbind of an old service may come after the bind of the new one with the same key");
    }

    /** By the rules of DS: for {@code addX} {@code removeX}, for all others the name behind {@code un}. */
    private static boolean isUnbind(JavaCodeUnit unit) {
        String name = unit.getName();
        return unit.getOwner().getMethods().stream()
                .filter(method -> method.isAnnotatedWith(REFERENCE))
                .map(JavaCodeUnit::getName)
                .anyMatch(bind -> name.equals("un" + bind)
                        || bind.startsWith("add") && name.equals("remove" + bind.substring("add".length())));
    }

    private static int parameters(JavaAccess<?> access) {
        return access.getTarget() instanceof com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget call
                ? call.getRawParameterTypes().size()
                : 0;
    }

    private ArchRule noRestartByConfiguration() {
        return noClasses()
                // The demo plays the operator.
                .that(DescribedPredicate.not(of(Set.of("app"))))
                .should()
                .accessTargetWhere(describe("write configurations or switch components", access -> {
                    String owner = access.getTargetOwner().getName();
                    String name = access.getTarget().getName();
                    return owner.equals("org.osgi.service.cm.Configuration") && name.startsWith("update")
                            || owner.equals("org.osgi.service.cm.ConfigurationAdmin") && name.startsWith("create")
                            || owner.startsWith("org.osgi.service.component.runtime.");
                }))
                .because("a restart is a fresh incarnation behind the same service");
    }

    private ArchRule noReflection() {
        return noClasses()
                .should()
                .accessTargetWhere(describe(
                        "open what others closed",
                        access -> access.getTargetOwner().getName().startsWith("java.lang.reflect.")
                                && access.getTarget().getName().endsWith("etAccessible")))
                .because("a library is used by its contract, or not at all");
    }

    private ArchRule noCommonPool() {
        return noClasses()
                .should()
                .accessTargetWhere(describe("borrow threads of the JDK", access -> {
                    JavaClass owner = access.getTargetOwner();
                    String name = access.getTarget().getName();
                    boolean stage = owner.isAssignableTo(java.util.concurrent.CompletionStage.class);
                    // With an executor there is a parameter more.
                    int own = name.startsWith("thenCombine")
                                    || name.startsWith("thenAcceptBoth")
                                    || name.startsWith("applyToEither")
                                    || name.startsWith("acceptEither")
                                    || name.startsWith("runAfter")
                            ? 2
                            : 1;
                    return stage && name.endsWith("Async") && parameters(access) == own
                            || stage && Set.of("orTimeout", "completeOnTimeout").contains(name)
                            || name.equals("parallelStream")
                            || owner.isAssignableTo(java.util.stream.BaseStream.class) && name.equals("parallel")
                            || name.equals("commonPool");
                }))
                .because("every thread is named, ours, and ended by close()");
    }

    private ArchRule noSleeping() {
        return noClasses()
                .should()
                .accessTargetWhere(
                        describe("sleep", access -> access.getTarget().getName().equals("sleep")))
                .because("a sleeping thread notices nothing; timers and latches do");
    }

    private ArchRule noOtherLogging() {
        return noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "java\\.util\\.logging\\..*|java\\.lang\\.System\\$Logger.*|org\\.apache\\.(log4j|commons\\.logging)\\..*")
                .because("SLF4J is what containers route");
    }

    private ArchRule noStandardStreams() {
        return noClasses()
                .that(DescribedPredicate.not(of(TALK_TO_A_TERMINAL)))
                .should()
                .accessTargetWhere(describe("write past the log", access -> {
                    String name = access.getTarget().getName();
                    return access.getTargetOwner().getName().equals("java.lang.System")
                                    && Set.of("out", "err").contains(name)
                            || access.getTargetOwner().isAssignableTo(Throwable.class)
                                    && name.equals("printStackTrace")
                                    && parameters(access) == 0;
                }))
                .because("nobody reads the standard streams of a container");
    }

    private ArchRule noEndOfTheProcess() {
        return noClasses()
                .should()
                .accessTargetWhere(describe("end the process", access -> {
                    String owner = access.getTargetOwner().getName();
                    String name = access.getTarget().getName();
                    return owner.equals("java.lang.System") && name.equals("exit")
                            || owner.equals("java.lang.Runtime")
                                    && Set.of("exit", "halt", "addShutdownHook").contains(name);
                }))
                .because("a bundle is a guest in the process");
    }

    private ArchRule nothingUnsupported() {
        return noClasses()
                .should()
                .callConstructorWhere(describe(
                        "make an UnsupportedOperationException",
                        call -> call.getTargetOwner().isAssignableTo(UnsupportedOperationException.class)))
                .because("what is declared works");
    }

    private DescribedPredicate<JavaClass> of(Set<String> bundles) {
        return describe(
                "are of " + bundles,
                type -> bundles.stream()
                        .anyMatch(bundle -> (type.getPackageName() + ".").startsWith(root + "." + bundle + ".")));
    }

    private static ArchCondition<JavaCodeUnit> accessWhere(
            String what, java.util.function.Predicate<JavaAccess<?>> bad) {
        return new ArchCondition<>(what) {
            @Override
            public void check(JavaCodeUnit unit, ConditionEvents events) {
                for (JavaAccess<?> access : unit.getAccessesFromSelf()) {
                    events.add(new SimpleConditionEvent(unit, bad.test(access), access.getDescription()));
                }
            }
        };
    }
}
