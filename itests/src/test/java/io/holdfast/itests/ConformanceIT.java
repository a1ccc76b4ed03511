// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.itests.otp.Replay;
import io.holdfast.itests.otp.Scenario;
import io.holdfast.itests.support.Configurations;
import io.holdfast.itests.support.Containers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * Scenarios recorded from OTP's supervisors, played against the packaged supervisor bundle: every one that can be said with
 * configurations, {@code Child} services and the {@code Supervisor} service. Every second one has its children registered in reverse, so
 * that only {@code child.order} can put them right. Which cannot be said, and why, is printed.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class ConformanceIT {

    private static final int AT_LEAST = 200;
    private static final int SHOWN_FAILURES = 10;
    private static final String CORPUS = "holdfast.otp.corpus";
    private static final String DEFAULT_CORPUS = "holdfast.itests.corpus";

    @Inject
    private BundleContext context;

    @Inject
    private ConfigurationAdmin admin;

    @Configuration
    public Option[] configuration() {
        return Containers.standard(ConformanceIT.class);
    }

    @Test
    public void the_bundle_does_what_otp_did() {
        Map<String, int[]> groups = new TreeMap<>();
        Map<String, Integer> unmapped = new TreeMap<>();
        List<String> failures = new ArrayList<>();
        int total = 0;
        try (Configurations configurations = new Configurations(admin)) {
            for (Scenario scenario : Scenario.load(corpus())) {
                Optional<String> why = scenario.unmapped();
                if (why.isPresent()) {
                    unmapped.merge(why.get(), 1, Integer::sum);
                    continue;
                }
                total++;
                Optional<String> difference = difference(scenario, configurations, total);
                groups.computeIfAbsent(scenario.text("group"), group -> new int[2])[difference.isEmpty() ? 0 : 1]++;
                difference.ifPresent(text -> failures.add(scenario.text("id") + " " + text));
            }
        }
        System.out.printf(
                "ConformanceIT: in the container: total %d / passed %d / failed %d%n",
                total, total - failures.size(), failures.size());
        groups.forEach((group, counts) ->
                System.out.printf("ConformanceIT:   %-20s passed %4d failed %4d%n", group, counts[0], counts[1]));
        unmapped.forEach((why, count) -> System.out.printf("ConformanceIT:   not mapped %4d: %s%n", count, why));
        assertThat(failures.stream().limit(SHOWN_FAILURES))
                .as("first of %d failing scenarios", failures.size())
                .isEmpty();
        assertThat(total).as("scenarios played").isGreaterThanOrEqualTo(AT_LEAST);
    }

    /** The one of the unit tests; surefire and failsafe pass an unset property as empty. */
    private static Path corpus() {
        String file = System.getProperty(CORPUS, "").trim();
        return Path.of(file.isEmpty() ? System.getProperty(DEFAULT_CORPUS) : file);
    }

    private Optional<String> difference(Scenario scenario, Configurations configurations, int number) {
        try (Replay replay = new Replay(scenario, context, configurations, "otp" + number, number % 2 == 0)) {
            return replay.firstDifference();
        } catch (RuntimeException e) {
            return Optional.of("broke off: " + e);
        }
    }
}
