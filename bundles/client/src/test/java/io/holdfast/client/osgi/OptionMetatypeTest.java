// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.options.Option;
import io.holdfast.client.endpoint.EndpointGroupOptions;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.ObjectClassDefinition;

class OptionMetatypeTest {
    private final OptionMetatype metatype = new OptionMetatype();

    private AttributeDefinition attribute(String pid, String name) {
        ObjectClassDefinition page = metatype.getObjectClassDefinition(pid, null);
        return Arrays.stream(page.getAttributeDefinitions(ObjectClassDefinition.ALL))
                .filter(a -> a.getID().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private String[] ids(String pid, int filter) {
        ObjectClassDefinition page = metatype.getObjectClassDefinition(pid, "de");
        return Arrays.stream(page.getAttributeDefinitions(filter))
                .map(AttributeDefinition::getID)
                .toArray(String[]::new);
    }

    @Test
    void describesEveryDeclaredOptionInOrder() {
        assertThat(ids(ClientOptions.PID, ObjectClassDefinition.ALL))
                .containsExactly(
                        ClientOptions.declared().stream().map(Option::name).toArray(String[]::new));
        assertThat(ids("io.holdfast.endpoints", ObjectClassDefinition.ALL))
                .containsExactly(EndpointGroupOptions.declared().stream()
                        .map(Option::name)
                        .toArray(String[]::new));
        assertThat(ids("io.holdfast.credentials", ObjectClassDefinition.ALL))
                .containsExactly("name", "file", "env.prefix");
    }

    @Test
    void onlyWhatHasNoDefaultIsRequired() {
        assertThat(ids(ClientOptions.PID, ObjectClassDefinition.REQUIRED)).containsExactly("uri");
        assertThat(ids("io.holdfast.endpoints", ObjectClassDefinition.REQUIRED)).containsExactly("host.patterns");
        assertThat(ids(ClientOptions.PID, ObjectClassDefinition.OPTIONAL))
                .doesNotContain("uri")
                .contains("headers");
    }

    @Test
    void typesDefaultsAndChoices() {
        AttributeDefinition floor = attribute(ClientOptions.PID, "reconnect.floor");
        assertThat(floor.getType()).isEqualTo(AttributeDefinition.STRING);
        assertThat(floor.getDefaultValue()).containsExactly("1s");
        AttributeDefinition overflow = attribute(ClientOptions.PID, "overflow");
        assertThat(overflow.getOptionValues()).containsExactly("disconnect", "drop-oldest", "block");
        assertThat(attribute(ClientOptions.PID, "open.messages").getCardinality())
                .isEqualTo(Integer.MAX_VALUE);
        assertThat(attribute(ClientOptions.PID, "insecure").getType()).isEqualTo(AttributeDefinition.BOOLEAN);
        assertThat(attribute(ClientOptions.PID, "reconnect.jitter").getType()).isEqualTo(AttributeDefinition.DOUBLE);
        assertThat(attribute("io.holdfast.endpoints", "attempts").getType()).isEqualTo(AttributeDefinition.INTEGER);
    }

    @Test
    void everyDefaultIsValidAndAWrongValueIsNot() {
        for (String pid : new String[] {ClientOptions.PID, "io.holdfast.endpoints", "io.holdfast.credentials"}) {
            for (AttributeDefinition a :
                    metatype.getObjectClassDefinition(pid, null).getAttributeDefinitions(ObjectClassDefinition.ALL)) {
                if (a.getDefaultValue() != null) {
                    assertThat(a.validate(a.getDefaultValue()[0])).as(a.getID()).isEmpty();
                }
            }
        }
        assertThat(attribute(ClientOptions.PID, "reconnect.floor").validate("10"))
                .contains("reconnect.floor")
                .contains("unit");
    }

    @Test
    void otherPidsAreRefused() {
        assertThatThrownBy(() -> metatype.getObjectClassDefinition("io.holdfast.other", null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("io.holdfast.other");
    }
}
