// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.FrameObserver;
import io.holdfast.api.client.FrameObserver.Kind;
import io.holdfast.api.client.FrameObserver.Origin;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameObserversTest {
    private final FrameObservers observers = new FrameObservers();
    private final Origin origin = new Origin("a", 1, 1);
    private final List<String> seen = new ArrayList<>();
    private final FrameObserver good = (origin, kind, outbound, payload, secret, nanos) -> {
        seen.add(origin.client() + " " + kind + " " + outbound + " " + payload.remaining() + " " + secret);
        payload.position(payload.limit());
    };

    @Test
    void nobodyWatchesUntilSomebodyComesAndAfterTheLastWent() {
        assertThat(observers.watched()).isFalse();
        observers.add(good);
        assertThat(observers.watched()).isTrue();
        observers.remove(good);
        assertThat(observers.watched()).isFalse();
        observers.in(origin, Kind.TEXT, ByteBuffer.allocate(3), 0);
        assertThat(seen).isEmpty();
    }

    @Test
    void oneThatThrowsIsNotCalledAgainAndCostsNobodyElse() {
        int[] calls = new int[1];
        observers.add((origin, kind, outbound, payload, secret, nanos) -> {
            calls[0]++;
            throw new NoClassDefFoundError("gone");
        });
        observers.add(good);
        observers.add(good);
        ByteBuffer payload = ByteBuffer.allocate(3);
        observers.in(origin, Kind.TEXT, payload, 0);
        observers.out(origin, Kind.PONG, payload, true, 0);
        assertThat(calls[0]).isEqualTo(1);
        assertThat(payload.remaining())
                .as("whoever looks moves nobody else's buffer")
                .isEqualTo(3);
        assertThat(seen)
                .containsExactly(
                        "a TEXT false 3 false", "a TEXT false 3 false", "a PONG true 3 true", "a PONG true 3 true");
        observers.remove(good);
        assertThat(observers.watched()).isFalse();
    }
}
