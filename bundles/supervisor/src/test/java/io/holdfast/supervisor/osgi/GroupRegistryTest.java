// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.osgi;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.api.options.InvalidOptionException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GroupRegistryTest {
    private final GroupRegistry registry = new GroupRegistry();

    private void claim(String group, String parent) {
        registry.claim("pid~" + group, group, Optional.ofNullable(parent));
    }

    @Test
    void aGroupHasOneConfiguration() {
        claim("a", null);
        assertThatThrownBy(() -> registry.claim("pid~b", "a", Optional.empty()))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining("'a'")
                .hasMessageContaining("pid~a");
        assertThatCode(() -> claim("a", "x")).as("its own may change").doesNotThrowAnyException();
        registry.release("pid~b", "a");
        assertThatThrownBy(() -> registry.claim("pid~b", "a", Optional.empty())).hasMessageContaining("pid~a");
        registry.release("pid~a", "a");
        assertThatCode(() -> registry.claim("pid~b", "a", Optional.empty())).doesNotThrowAnyException();
    }

    @Test
    void noGroupIsItsOwnAncestor() {
        assertThatThrownBy(() -> claim("a", "a")).hasMessageContaining("a -> a");
        claim("a", "b");
        claim("b", "c");
        assertThatThrownBy(() -> claim("c", "a")).hasMessageContaining("c -> a -> b -> c");
        claim("c", null);
        assertThatThrownBy(() -> claim("c", "b")).as("by a change").hasMessageContaining("c -> b -> c");
        claim("b", null);
        assertThatCode(() -> claim("c", "a")).doesNotThrowAnyException();
    }
}
