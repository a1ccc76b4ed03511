// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.api.options.InvalidOptionException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointGroupOptionsTest {
    private static EndpointGroupOptions with(String name, Object value) {
        Map<String, Object> map = new HashMap<>(Map.of("host.patterns", "*.example.org"));
        map.put(name, value);
        return EndpointGroupOptions.of(map);
    }

    @Test
    void readsAConfigurationWithWhatContainersAdd() {
        EndpointGroupOptions options = EndpointGroupOptions.of(Map.of(
                "service.pid", "io.holdfast.endpoints~binance",
                "component.name", "x",
                "host.patterns", new String[] {"*.binance.COM", "stream.binance.vision."},
                "attempts", "150",
                "window", "5m",
                "burst", 10,
                "connections.max", 32L));
        assertThat(options.policy()).isEqualTo(new AttemptPolicy(150, Duration.ofMinutes(5), 10, 32));
        assertThat(options.hostPatterns()).containsExactly("*.binance.com", "stream.binance.vision");
    }

    @Test
    void theDefaultsAreThoseOfAHostWithoutGroup() {
        assertThat(with("host.patterns", List.of("a", "b")).policy())
                .isEqualTo(AttemptPolicy.DEFAULT)
                .isEqualTo(new AttemptPolicy(30, Duration.ofSeconds(60), 5, 0));
    }

    @ParameterizedTest
    @CsvSource({
        "attempts,0",
        "attempts,1001",
        "attempts,many",
        "window,0s",
        "window,60",
        "window,2d",
        "burst,-1",
        "burst,1001",
        "connections.max,-1",
        "host.patterns,wss://example.org/",
        "host.patterns,a b",
        "host.patterns,''",
        "atempts,3",
        "api.key,x"
    })
    void refusesByName(String name, String value) {
        assertThatThrownBy(() -> with(name, value))
                .isInstanceOfSatisfying(
                        InvalidOptionException.class,
                        e -> assertThat(e.option()).isEqualTo(name))
                .hasMessageContaining("'" + name + "'");
    }

    @Test
    void namesTheNearestOptionAndWhatIsMissing() {
        assertThatThrownBy(() -> with("connection.max", 3)).hasMessageContaining("did you mean 'connections.max'");
        assertThatThrownBy(() -> EndpointGroupOptions.of(Map.of()))
                .hasMessageContaining("'host.patterns': is required");
    }

    @Test
    void equalConfigurationsAreEqual() {
        assertThat(with("attempts", 3))
                .isEqualTo(with("attempts", "3"))
                .hasSameHashCodeAs(with("attempts", "3"))
                .isNotEqualTo(with("attempts", 4));
    }

    @ParameterizedTest
    @CsvSource({
        "www.deribit.com,www.deribit.com,true",
        "*.binance.com,stream.binance.com,true",
        "*.binance.com,a.b.binance.com,true",
        "*.binance.com,binance.com,false",
        "*binance.com,binance.com,true",
        "*,anything,true",
        "stream?.x,stream1.x,true",
        "stream?.x,stream.x,false",
        "a*b*c,axxbyyc,true",
        "a*b*c,axxbyy,false",
        "a**,a,true",
        "*.com,com,false",
        "[::1],[::1],true",
        "a.c,abc,false",
        "*a*a*a*b,aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,false"
    })
    void patternsMatchWholeNames(String glob, String host, boolean expected) {
        assertThat(new HostPattern(glob).matches(host)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"WWW.Deribit.COM", "www.deribit.com."})
    void namesAreComparedInOneForm(String name) {
        assertThat(HostPattern.normal(name)).isEqualTo("www.deribit.com");
        assertThat(new HostPattern(name).glob()).isEqualTo("www.deribit.com");
    }

    @Test
    void theMoreSpecificPatternComesFirst() {
        assertThat(Stream.of("*", "*.b.com", "?.b.com", "*.a.com", "x", "stream*.b.com")
                        .map(HostPattern::new)
                        .sorted()
                        .map(HostPattern::glob))
                .containsExactly("x", "stream*.b.com", "*.a.com", "*.b.com", "?.b.com", "*");
    }
}
