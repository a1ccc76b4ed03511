// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.client.endpoint.BanStore;
import io.holdfast.client.endpoint.EndpointGroups;
import io.holdfast.client.endpoint.GroupStatus;
import io.holdfast.client.sim.VirtualEnvironment;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.service.component.ComponentConstants;
import org.slf4j.LoggerFactory;

class EndpointGroupComponentTest {
    private final EndpointGroups groups = new EndpointGroups(new VirtualEnvironment(1), BanStore.inMemory());
    private final Set<String> inForce = new HashSet<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(EndpointGroupComponent.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @BeforeEach
    void listen() {
        logged.start();
        logger.addAppender(logged);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(logged);
    }

    private static Map<String, Object> properties(String name, Object value) {
        Map<String, Object> map = new HashMap<>(Map.of(
                "service.pid",
                "io.holdfast.endpoints~binance",
                "service.factoryPid",
                "io.holdfast.endpoints",
                "component.id",
                7L,
                "host.patterns",
                "*.binance.com"));
        map.put(name, value);
        return map;
    }

    private EndpointGroupComponent component(Map<String, Object> properties) {
        return new EndpointGroupComponent(groups, inForce, properties);
    }

    private int attempts() {
        assertThat(groups.status()).extracting(GroupStatus::id).containsExactly("binance");
        return groups.status().get(0).policy().attempts();
    }

    /** What SCR does with a change. */
    private void change(EndpointGroupComponent before, Map<String, Object> properties) {
        before.deactivate(ComponentConstants.DEACTIVATION_REASON_CONFIGURATION_MODIFIED);
        component(properties).activate(properties);
    }

    @Test
    void aConfigurationIsAGroupAsLongAsItExists() {
        EndpointGroupComponent component = component(properties("attempts", "20"));
        assertThat(groups.status()).as("the constructor only builds").isEmpty();
        component.activate(properties("attempts", "20"));
        assertThat(attempts()).isEqualTo(20);
        change(component, properties("attempts", "10"));
        assertThat(attempts()).isEqualTo(10);
        component.deactivate(ComponentConstants.DEACTIVATION_REASON_CONFIGURATION_DELETED);
        assertThat(groups.status()).isEmpty();
    }

    @Test
    void aMistakeAtActivationIsAnErrorThatNamesTheOption() {
        Map<String, Object> bad = properties("attempt", "20");
        EndpointGroupComponent component = component(bad);
        assertThatThrownBy(() -> component.activate(bad))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining("'attempt'", "'attempts'");
        assertThat(groups.status()).isEmpty();
    }

    @Test
    void aMistakeAtModificationKeepsTheOptionsInForceAndIsReported() {
        EndpointGroupComponent component = component(properties("attempts", "20"));
        component.activate(properties("attempts", "20"));
        assertThatCode(() -> change(component, properties("attempts", "0"))).doesNotThrowAnyException();
        assertThatCode(() -> change(component, properties("api.secret", "hunter2")))
                .doesNotThrowAnyException();
        assertThat(attempts()).isEqualTo(20);
        assertThat(logged.list)
                .filteredOn(e -> e.getLevel() == Level.WARN)
                .extracting(ILoggingEvent::getFormattedMessage)
                .satisfiesExactly(
                        m -> assertThat(m).contains("binance", "'attempts'", "at least 1"),
                        m -> assertThat(m).contains("'api.secret'").doesNotContain("hunter2"));
    }

    @Test
    void aConfigurationWithoutNameIsRefused() {
        assertThatThrownBy(() -> component(properties("service.pid", "io.holdfast.endpoints")))
                .hasMessageContaining("io.holdfast.endpoints~<group>");
        assertThatThrownBy(() -> component(properties("service.pid", "io.holdfast.endpoints~")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
