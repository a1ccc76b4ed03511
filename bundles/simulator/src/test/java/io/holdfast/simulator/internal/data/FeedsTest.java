// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.simulator.SimulatorOptions;
import io.holdfast.simulator.internal.net.Loop;
import org.junit.jupiter.api.Test;

class FeedsTest {
    /** It was 10,000 once, so that the last of 10,001 clients was sent away with 1013 for ever. */
    @Test
    void as_many_channels_as_connections_and_no_more() throws Exception {
        SimulatorOptions options = SimulatorOptions.builder().build();
        Loop loop = new Loop("feeds");
        loop.start(() -> {});
        try {
            Feeds feeds = new Feeds(loop, options, (connection, channel) -> false);
            loop.run(() -> {
                for (int i = 0; i < options.connectionLimit(); i++) {
                    assertThat(feeds.feed("/generic/" + i, (sequence, nanos, variant) -> new byte[0]))
                            .isNotNull();
                }
                assertThat(feeds.feed("/generic/more", (sequence, nanos, variant) -> new byte[0]))
                        .isNull();
                assertThat(feeds.feed("/generic/0", (sequence, nanos, variant) -> new byte[0]))
                        .isNotNull();
            });
        } finally {
            loop.stop();
        }
    }
}
