// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PropertiesTest {
    @Test
    void readsOneTextOrSeveral() {
        assertThat(Properties.texts(null)).isEmpty();
        assertThat(Properties.texts("a")).containsExactly("a");
        assertThat(Properties.texts(new String[] {"a", "b"})).containsExactly("a", "b");
        assertThat(Properties.texts(new int[] {1, 2})).containsExactly("1", "2");
        assertThat(Properties.texts(List.of("a", "b"))).containsExactly("a", "b");
    }

    @Test
    void theNameOfAConfigurationIsBehindTheTilde() {
        assertThat(Properties.name("io.holdfast.client~deribit")).contains("deribit");
        assertThat(Properties.name(List.of("io.holdfast.client", "io.holdfast.client~a~b")))
                .contains("a~b");
        assertThat(Properties.name("io.holdfast.client")).isEmpty();
        assertThat(Properties.name("io.holdfast.client~")).isEmpty();
        assertThat(Properties.name(null)).isEmpty();
    }

    @Test
    void theNameFillsAnOptionThatIsMissing() {
        assertThat(Properties.named(Map.of("service.pid", "p~x"), "client.id")).containsEntry("client.id", "x");
        assertThat(Properties.named(Map.of("service.pid", "p~x", "client.id", " "), "client.id"))
                .containsEntry("client.id", "x");
        assertThat(Properties.named(Map.of("service.pid", "p~x", "client.id", "y"), "client.id"))
                .containsEntry("client.id", "y");
        assertThat(Properties.named(Map.of("service.pid", "p"), "client.id")).doesNotContainKey("client.id");
    }

    @Test
    void comparesArraysByContent() {
        assertThat(Properties.same(Map.of("a", new String[] {"x"}, "b", 1), Map.of("b", 1, "a", new String[] {"x"})))
                .isTrue();
        assertThat(Properties.same(Map.of("a", new String[] {"x"}), Map.of("a", new String[] {"y"})))
                .isFalse();
        assertThat(Properties.same(Map.of("a", "1"), Map.of("a", 1))).isFalse();
        assertThat(Properties.same(Map.of("a", 1), Map.of("a", 1, "b", 2))).isFalse();
    }
}
