// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.exchange.ChannelSpec;
import io.holdfast.client.delivery.Sieve;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A channel without numbers goes from connection 1 to connection 2: what listeners get. */
class UnnumberedJoinTest {
    private final Streams streams = new Streams();
    private final List<String> shown = new ArrayList<>();

    @BeforeEach
    void joins() {
        streams.want(List.of(new ChannelSpec("trades", 600, false, Optional.empty(), Duration.ZERO)));
        streams.join(1, 2, streams.all());
    }

    private void brings(long connection, String... texts) {
        for (String text : texts) {
            ByteBuffer payload = ByteBuffer.wrap(text.getBytes(UTF_8));
            if (streams.offer(streams.get("trades"), payload, connection, 1) == Stream.Order.NEXT) {
                shown.add(text);
            }
            for (Sieve.Held h = streams.nextHeld(); h != null; h = streams.nextHeld()) {
                shown.add(UTF_8.decode(h.payload()).toString());
            }
        }
    }

    private void takesOver() {
        streams.switched(streams.all());
    }

    private void oldEnds() {
        streams.parted(streams.all());
        for (Sieve.Held h = streams.nextReleased(); h != null; h = streams.nextReleased()) {
            shown.add(UTF_8.decode(h.payload()).toString());
        }
    }

    @Test
    void theNewOneLagsBehind() {
        brings(1, "a", "b");
        brings(2, "b");
        brings(1, "c", "d", "e");
        takesOver();
        brings(2, "c", "d", "e");
        brings(1, "f");
        brings(2, "f", "g");
        brings(1, "g");
        brings(2, "h");
        assertThat(shown).containsExactly("a", "b", "c", "d", "e", "f", "g", "h");
        assertThat(streams.moved()).isEqualTo(1);
    }

    @Test
    void theNewOneIsAhead() {
        brings(1, "a");
        brings(2, "b", "c", "d");
        brings(1, "b");
        takesOver();
        brings(2, "e");
        brings(1, "c", "d", "e", "f");
        brings(2, "f", "g");
        assertThat(shown).containsExactly("a", "b", "c", "d", "e", "f", "g");
        assertThat(streams.moved()).isEqualTo(1);
    }

    @Test
    void theOldOneEndsBeforeItHasComeSoFar() {
        brings(2, "b", "c", "d");
        brings(1, "a", "b");
        takesOver();
        brings(2, "e");
        oldEnds();
        brings(2, "f");
        assertThat(shown).containsExactly("a", "b", "c", "d", "e", "f");
    }

    @Test
    void aChannelThatIsGivenBackLeavesItsRoomToOthers() {
        streams.want(List.of(new ChannelSpec("large", 600, false, Optional.empty(), Duration.ZERO)));
        streams.offer(streams.get("large"), ByteBuffer.allocate(8 * 1024 * 1024), 2, 1);
        assertThat(streams.givenBack(List.of(streams.forget("large")))).isEmpty();
        theOldOneEndsBeforeItHasComeSoFar();
    }

    @Test
    void theOldOneIsSilentForTooLong() {
        brings(2, "b", "c");
        brings(1, "b");
        takesOver();
        List<String> all = new ArrayList<>(List.of("b", "c"));
        for (int i = 0; i < 100; i++) {
            brings(2, "n" + i);
            all.add("n" + i);
        }
        assertThat(shown).containsExactlyElementsOf(all);
    }

    @Test
    void connectionsThatBringOtherBytesSwitchAtTheFirst() {
        brings(1, "a1", "b1");
        brings(2, "b2");
        takesOver();
        brings(1, "c1");
        brings(2, "c2");
        brings(1, "d1");
        brings(2, "d2");
        assertThat(shown).containsExactly("a1", "b1", "c1", "c2", "d2");
        assertThat(streams.moved()).isEqualTo(1);
    }

    @Test
    void aQuietOneGoesOverWithTheEnd() {
        takesOver();
        oldEnds();
        brings(2, "a");
        assertThat(shown).containsExactly("a");
        assertThat(streams.moved()).isEqualTo(1);
    }

    @Test
    void oneThatEndsWithBothIsCountedOnce() {
        takesOver();
        streams.lost(2, streams.all());
        oldEnds();
        assertThat(streams.moved()).isEqualTo(1);
    }

    @Test
    void equalMessagesCountEach() {
        brings(1, "a", "a");
        brings(2, "a");
        takesOver();
        brings(2, "a", "a");
        brings(1, "a");
        assertThat(shown).containsExactly("a", "a", "a");
    }
}
