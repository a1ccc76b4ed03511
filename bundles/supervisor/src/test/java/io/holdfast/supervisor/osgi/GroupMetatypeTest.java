// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.api.options.Option;
import io.holdfast.supervisor.group.GroupEvent;
import io.holdfast.supervisor.group.GroupOptions;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.ObjectClassDefinition;

/** What tools see of groups: their options, and the events in the form of Event Admin. */
class GroupMetatypeTest {
    private final ObjectClassDefinition page = new GroupMetatype().getObjectClassDefinition(GroupOptions.PID, null);

    private AttributeDefinition attribute(String name) {
        return Stream.of(page.getAttributeDefinitions(ObjectClassDefinition.ALL))
                .filter(a -> a.getID().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyDeclaredOptionIsDescribed() {
        assertThat(page.getAttributeDefinitions(ObjectClassDefinition.ALL))
                .extracting(AttributeDefinition::getID)
                .containsExactlyElementsOf(
                        GroupOptions.declared().stream().map(Option::name).toList());
        assertThat(page.getAttributeDefinitions(ObjectClassDefinition.REQUIRED)).isEmpty();
        assertThat(attribute("strategy").getOptionValues()).contains("one_for_all", "dynamic");
        assertThat(attribute("intensity").getType()).isEqualTo(AttributeDefinition.INTEGER);
        assertThat(attribute("intensity").getDefaultValue()).containsExactly("10");
        assertThat(attribute("period").validate("soon")).contains("period");
        assertThat(attribute("period").validate("5s")).isEmpty();
        assertThatThrownBy(() -> new GroupMetatype().getObjectClassDefinition("other", null))
                .hasMessageContaining("other");
    }

    @Test
    void eventsBecomeTopicsAndPlainValues() {
        GroupEvent event = new GroupEvent("a.b", 3, GroupEvent.Type.GIVEN_UP, Optional.of("x"), "why");
        assertThat(GroupEventBridge.topic(event)).isEqualTo("io/holdfast/supervisor/a_2eb/GIVEN_UP");
        assertThat(GroupEventBridge.properties(event))
                .isEqualTo(Map.of(
                        "supervisor.group",
                        "a.b",
                        "type",
                        "GIVEN_UP",
                        "number",
                        3L,
                        "child.id",
                        "x",
                        "cause.message",
                        "why"));
    }
}
