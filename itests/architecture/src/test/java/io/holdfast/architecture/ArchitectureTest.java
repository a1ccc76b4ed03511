// SPDX-License-Identifier: Apache-2.0
package io.holdfast.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The bundles keep the rules. That each rule notices its breach is shown by {@link RulesTest}. */
class ArchitectureTest {

    @TestFactory
    Stream<DynamicTest> bundles() {
        JavaClasses classes = Bundles.classes();
        Map<String, ArchRule> rules = new LinkedHashMap<>(new ImportRules("io.holdfast", Bundles.names()).all());
        rules.putAll(new SmellRules("io.holdfast").all());
        return rules.entrySet().stream()
                .map(rule -> DynamicTest.dynamicTest(
                        rule.getKey(),
                        () -> rule.getValue()
                                // Of bundles whose classes import nothing of ours there is nothing to check.
                                .allowEmptyShould(false)
                                .check(classes)));
    }
}
