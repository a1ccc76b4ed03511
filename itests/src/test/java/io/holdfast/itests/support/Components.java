// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.support;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;

/** What an operator sees of service components. */
public final class Components {

    private final ServiceComponentRuntime runtime;

    public Components(ServiceComponentRuntime runtime) {
        this.runtime = runtime;
    }

    /** All component configurations there are. */
    public List<ComponentConfigurationDTO> configurations() {
        // SCR 2.2.18 throws it when a component goes while it is being looked at.
        return await("components")
                .atMost(Services.LIMIT)
                .pollDelay(Duration.ZERO)
                .ignoreException(NullPointerException.class)
                .until(this::now, seen -> true);
    }

    private List<ComponentConfigurationDTO> now() {
        return runtime.getComponentDescriptionDTOs().stream()
                .map(runtime::getComponentConfigurationDTOs)
                .flatMap(Collection::stream)
                .toList();
    }

    /**
     * Waits until the component of that PID could not be activated for a reason that says all of this; answers the
     * reason. One of before is there until SCR has heard of the change, which it does in a thread of its own.
     */
    public String awaitFailure(String pid, String... words) {
        Predicate<String> says = failure -> Stream.of(words).allMatch(failure::contains);
        // What was seen, not a second look: SCR makes a configuration of a component anew whenever a service it needs
        // comes or goes.
        return await("failed activation of " + pid + " for " + String.join(", ", words))
                .atMost(Services.LIMIT)
                .until(() -> failures(pid), failures -> failures.stream().anyMatch(says))
                .stream()
                .filter(says)
                .findFirst()
                .orElseThrow();
    }

    /** Waits until SCR has let go of the component of that PID. */
    public void awaitGone(String pid) {
        await("end of the component of " + pid)
                .atMost(Services.LIMIT)
                .until(() -> configurations().stream().noneMatch(c -> pid.equals(c.properties.get("service.pid"))));
    }

    private List<String> failures(String pid) {
        return configurations().stream()
                .filter(c -> pid.equals(c.properties.get("service.pid"))
                        && c.state == ComponentConfigurationDTO.FAILED_ACTIVATION)
                .map(c -> c.failure)
                .filter(Objects::nonNull)
                .toList();
    }
}
