// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.exchange.ExchangeProfile.ChannelsInUri;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class UriChannelsTest {
    private static final ChannelsInUri RULE = new ChannelsInUri("streams", "/", 100);

    private static UriChannels of(String base, String... names) {
        return UriChannels.of(URI.create(base), RULE, List.of(names));
    }

    @Test
    @DisplayName("names stay readable, what may not stand in a query is encoded")
    void names() {
        assertThat(of("wss://x.example/stream", "btcusdt@depth@100ms", "!miniTicker@arr")
                        .uri())
                .hasToString("wss://x.example/stream?streams=btcusdt@depth@100ms/!miniTicker@arr");
        assertThat(of("wss://x.example/stream?timeUnit=MICROSECOND", "a@trade").uri())
                .hasToString("wss://x.example/stream?timeUnit=MICROSECOND&streams=a@trade");
        assertThat(of("wss://x.example/stream", "\u5e01\u5b89&x@trade").uri())
                .hasToString("wss://x.example/stream?streams=%E5%B8%81%E5%AE%89%26x@trade");
        assertThat(of("wss://x.example/stream").uri()).hasToString("wss://x.example/stream");
    }

    @Test
    @DisplayName("as many as there is room for, in their order")
    void room() {
        String name = "x".repeat(30);
        UriChannels made = of("wss://x.example/stream", name, name + "1", name + "2");
        assertThat(made.names()).containsExactly(name, name + "1");
        assertThat(made.uri().toString()).hasSizeLessThanOrEqualTo(100);
    }
}
