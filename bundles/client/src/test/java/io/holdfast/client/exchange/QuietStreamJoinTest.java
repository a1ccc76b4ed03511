// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.exchange.ChannelSpec;
import io.holdfast.api.exchange.SequenceRule;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A numbered channel that brings nothing on the connection that is replaced: its numbers are those of a connection before. */
class QuietStreamJoinTest {
    private final Streams streams = new Streams();

    @BeforeEach
    void broughtSomethingOnceThenNothing() {
        SequenceRule rule = new SequenceRule("\"prev\":", "\"id\":", 0);
        streams.want(List.of(new ChannelSpec("book", 600, false, Optional.of(rule), Duration.ZERO)));
        assertThat(brings(1, "{\"id\":10}")).isEqualTo(Stream.Order.NEXT);
        streams.join(2, 3, streams.all());
    }

    private Stream.Order brings(long connection, String text) {
        return streams.offer(streams.get("book"), ByteBuffer.wrap(text.getBytes(UTF_8)), connection, 1);
    }

    @Test
    @DisplayName("the new connection's changes are shown at once, and none are said to be missing")
    void beginsWithTheNewOne() {
        assertThat(streams.switched(streams.all())).isEmpty();
        assertThat(brings(3, "{\"prev\":50,\"id\":51}")).isEqualTo(Stream.Order.NEXT);
        assertThat(brings(3, "{\"prev\":51,\"id\":52}")).isEqualTo(Stream.Order.NEXT);
        assertThat(streams.nextHeld()).isNull();
        assertThat(streams.parted(streams.all())).isEmpty();
    }

    @Test
    @DisplayName("a gap that one rotation ended with is not told again at the end of the next one")
    void tellsAGapOnce() {
        brings(2, "{\"id\":50}");
        brings(3, "{\"id\":60}");
        streams.switched(streams.all());
        assertThat(streams.parted(streams.all())).containsExactly(new Streams.Lack("book", 51, 60));
        streams.join(3, 4, streams.all());
        brings(4, "{\"id\":60}");
        assertThat(streams.switched(streams.all())).as("nothing has healed it").containsExactly("book");
        assertThat(streams.parted(streams.all())).isEmpty();
    }

    @Test
    @DisplayName("what came before the take-over is asked for again")
    void asksForTheBeginningItHid() {
        assertThat(brings(3, "{\"id\":50}")).isEqualTo(Stream.Order.OLD);
        assertThat(streams.switched(streams.all())).containsExactly("book");
    }
}
