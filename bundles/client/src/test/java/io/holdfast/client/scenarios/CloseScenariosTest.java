// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.scenarios;

import static io.holdfast.client.scenarios.House.ALLOWANCE;
import static io.holdfast.client.scenarios.House.LIMIT;
import static io.holdfast.client.scenarios.House.get;
import static io.holdfast.client.scenarios.House.quick;
import static io.holdfast.client.scenarios.House.stays;
import static io.holdfast.client.scenarios.House.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientClosedException;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ClientState;
import io.holdfast.api.client.ConnectionEvent;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.Continuity;
import io.holdfast.api.client.Message;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.simulator.AcceptRecord;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.Upgrade;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ending a client, from every state and every thread. */
class CloseScenariosTest {
    private final Simulator simulator = Simulator.start();
    private final House house = new House();
    private final Seen seen = new Seen();

    @AfterEach
    void stop() {
        house.close();
        simulator.close();
    }

    private ClientOptions.Builder options() {
        return quick(simulator.uri("/generic/x"));
    }

    @Test
    @DisplayName("N24 close: the server sees the given code and reason, and the stage waits for its answer")
    void N24_theServerSeesCodeAndReason() throws Exception {
        WebSocketClient client = house.ready(options(), seen);

        get(client.close(4321, "höchste Zeit"));

        assertThat(client.state()).isEqualTo(ClientState.CLOSED);
        AcceptRecord end = simulator.awaitEnd(1, LIMIT);
        assertThat(end.end()).isEqualTo(AcceptRecord.End.CLIENT_CLOSE);
        assertThat(end.closeCode()).isEqualTo(4321);
        assertThat(end.closeReason()).isEqualTo("höchste Zeit");
        assertThat(seen.cause(Type.CLOSED)).isEqualTo(Cause.of(Cause.Kind.LOCAL_CLOSE, "höchste Zeit", 4321));
        until(
                "the last word in the lane",
                () -> seen.continuity(Continuity.Left.class).size() == 1);
        stays("no further attempt", Duration.ofMillis(300), () -> simulator.accepts() == 1);
    }

    @Test
    @DisplayName("N24 close without code is 1000; a second close changes nothing and completes too")
    void N24_closeIsIdempotent() throws Exception {
        WebSocketClient client = house.ready(options(), seen);

        CompletionStage<Void> first = client.close();
        CompletionStage<Void> second = client.close(4999, "too late");
        get(first);
        get(second);
        get(client.close());

        assertThat(simulator.awaitEnd(1, LIMIT).closeCode()).isEqualTo(1000);
        seen.await(Type.CLOSED);
        assertThat(seen.events(Type.CLOSED)).hasSize(1);
        assertThat(house.clients.all()).isEmpty();
        // The id is free again.
        house.ready(options(), new Seen());
    }

    @Test
    @DisplayName("N24 a server that does not answer the close is waited for up to close.timeout, then cut off")
    void N24_theWaitHasALimit() throws Exception {
        Duration limit = Duration.ofMillis(400);
        WebSocketClient client = house.ready(options().option("close.timeout", "400ms"), seen);
        simulator.faults().halfOpen();

        long began = System.nanoTime();
        CompletionStage<Void> closed = client.close();
        get(closed);

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isBetween(limit, limit.plus(ALLOWANCE));
        assertThat(client.state()).isEqualTo(ClientState.CLOSED);
        assertThat(simulator.awaitEnd(1, LIMIT).end()).isIn(AcceptRecord.End.CLIENT_RESET, AcceptRecord.End.CLIENT_FIN);
    }

    @Test
    @DisplayName("N24 codes and reasons that RFC 6455 does not allow are refused by name, and nothing happens")
    void N24_badArgumentsAreRefused() throws Exception {
        WebSocketClient client = house.ready(options(), seen);
        for (int code : new int[] {0, 999, 1001, 1005, 1006, 1011, 2999, 5000}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> client.close(code, ""))
                    .withMessageContaining("code");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client.close(1000, "ü".repeat(62)))
                .withMessageContaining("reason");
        assertThat(client.state()).isEqualTo(ClientState.READY);
    }

    /** Where a user may stand when he closes. */
    enum From {
        MESSAGE,
        CONTINUITY,
        EVENT,
        STAGE
    }

    @ParameterizedTest
    @EnumSource(From.class)
    @DisplayName("N24 close may be called, and waited for in a stage, from every callback")
    void N24_closeIsLegalInCallbacks(From from) throws Exception {
        CompletableFuture<WebSocketClient> handle = new CompletableFuture<>();
        AtomicReference<CompletionStage<Void>> closed = new AtomicReference<>();
        Seen mine = new Seen() {
            private void close(From here) {
                if (from == here) {
                    closed.compareAndSet(null, handle.join().close(3000, here.name()));
                }
            }

            @Override
            public void onMessage(Message message) {
                close(From.MESSAGE);
            }

            @Override
            public void onContinuity(Continuity event) {
                close(From.CONTINUITY);
            }

            @Override
            public void onEvent(ConnectionEvent event) {
                super.onEvent(event);
                if (event.type() == Type.READY) {
                    close(From.EVENT);
                }
            }
        };
        WebSocketClient client =
                house.open(options().option("delivery", from == From.MESSAGE ? "direct" : "queued"), mine);
        if (from == From.STAGE) {
            client.opened().thenRun(() -> closed.set(client.close(3000, from.name())));
        }
        handle.complete(client);

        until("the close", () -> closed.get() != null);
        get(closed.get());
        assertThat(client.state()).isEqualTo(ClientState.CLOSED);
        mine.await(Type.CLOSED);
        simulator.awaitNoneOpen(LIMIT);
    }

    @Test
    @DisplayName("close in CONNECTING ends the attempt; opened fails with the close as its cause")
    void closeWhileConnecting() throws Exception {
        simulator.faults().upgrades(Upgrade.silent());
        WebSocketClient client = house.open(options(), seen);
        simulator.awaitAccepts(1, LIMIT);

        get(client.close());

        assertThat(client.opened().toCompletableFuture())
                .failsWithin(LIMIT)
                .withThrowableThat()
                .withCauseInstanceOf(ClientClosedException.class)
                .withMessageContaining("LOCAL_CLOSE");
        assertThat(simulator.awaitEnd(1, LIMIT).end()).isIn(AcceptRecord.End.CLIENT_RESET, AcceptRecord.End.CLIENT_FIN);
        stays("no further attempt", Duration.ofMillis(300), () -> simulator.accepts() == 1);
    }

    @Test
    @DisplayName("close in BACKOFF and in WAITING completes without any connection")
    void closeWhileWaiting() throws Exception {
        simulator.faults().refuse();
        WebSocketClient backingOff = house.open(
                options().id("off").option("reconnect.initial", "1h").option("reconnect.maximum", "1h"), seen);
        seen.await(Type.RECONNECTING);
        assertThat(backingOff.state()).isEqualTo(ClientState.BACKOFF);
        get(backingOff.close());
        seen.await(Type.CLOSED);
        assertThat(seen.types()).endsWith(Type.RECONNECTING, Type.CLOSED);

        WebSocketClient waiting = house.open(
                options().id("waits").heartbeat("nobody-has-it", Map.of()).option("heartbeat.wait", "1h"), new Seen());
        assertThat(waiting.state()).isEqualTo(ClientState.WAITING);
        get(waiting.close());
        assertThat(waiting.state()).isEqualTo(ClientState.CLOSED);
        assertThat(simulator.accepts()).isZero();
    }

    @Test
    @DisplayName("the owner's end closes with 1001")
    void anOwnersEndIsGoingAway() throws Exception {
        WebSocketClient client = house.ready(options(), seen);
        get(house.unsupervised.endAll(Cause.of(Cause.Kind.OWNER_GONE, "bundle stopped")));
        assertThat(client.state()).isEqualTo(ClientState.CLOSED);
        assertThat(simulator.awaitEnd(1, LIMIT).closeCode()).isEqualTo(1001);
        assertThat(seen.cause(Type.CLOSED).kind()).isEqualTo(Cause.Kind.OWNER_GONE);
    }

    @Test
    @DisplayName("reconnect() in READY: orderly 1000, a new connection, the stream's break told, no attempt used up")
    void reconnectReplacesTheConnection() throws Exception {
        WebSocketClient client = house.ready(options().option("reconnect.attempts", "1"), seen);

        client.reconnect();

        seen.await(Type.READY, 2);
        assertThat(simulator.awaitEnd(1, LIMIT).closeCode()).isEqualTo(1000);
        assertThat(seen.cause(Type.LOST).kind()).isEqualTo(Cause.Kind.OPERATOR);
        assertThat(simulator.open()).hasSize(1);
        until(
                "the end of the break",
                () -> seen.continuity(Continuity.Resumed.class).size() == 1);
        assertThat(seen.continuity(Continuity.Interrupted.class))
                .singleElement()
                .satisfies(i -> assertThat(i.cause().kind()).isEqualTo(Cause.Kind.OPERATOR));
        assertThat(client.metrics().incarnation()).isEqualTo(1);
    }

    @Test
    @DisplayName("reconnect() in BACKOFF goes at once")
    void reconnectCutsTheBackoffShort() throws Exception {
        WebSocketClient client =
                house.ready(options().option("reconnect.initial", "1h").option("reconnect.maximum", "1h"), seen);
        simulator.faults().reset();
        seen.await(Type.RECONNECTING);

        client.reconnect();

        seen.await(Type.READY, 2);
        assertThat(get(client.opened())).isNull();
    }
}
