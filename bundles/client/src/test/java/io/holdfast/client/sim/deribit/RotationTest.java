// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim.deribit;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.ClientHealth;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ClientState;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.Continuity;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.exchange.Answer;
import io.holdfast.api.exchange.Call;
import io.holdfast.api.exchange.ChannelStatus;
import io.holdfast.client.sim.QuietLogs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One client whose connection is replaced at a busy exchange, and what may go wrong meanwhile. */
@ExtendWith(QuietLogs.class)
class RotationTest {
    private static final String[] CHANNELS = {
        "book.BTC-PERPETUAL.raw",
        "book.ETH-PERPETUAL.100ms",
        "trades.BTC-PERPETUAL.raw",
        "user.orders.BTC-PERPETUAL.raw"
    };
    private static final List<String> FED = List.of(CHANNELS).subList(0, 3);

    private final DeribitProcess process = new DeribitProcess(11, new NoticingExchange(Duration.ZERO));
    private final FeedListener user = new FeedListener();
    private WebSocketClient client;

    private void ready() {
        process.deribit.mostOpen = 2;
        process.deribit.messageEvery = Duration.ofMillis(20).toNanos();
        process.deribit.feed(FED);
        client = process.open(DeribitProcess.options(CHANNELS), user, user);
        process.seconds(40);
        assertThat(client.state()).isEqualTo(ClientState.READY);
    }

    /** The server has what is wanted on one connection, each once, and no rule was broken on the way. */
    private void sound() {
        assertThat(client.state()).isEqualTo(ClientState.READY);
        assertThat(process.deribit.violations).isEmpty();
        assertThat(process.deribit.open).hasSize(1);
        assertThat(process.deribit.current().subscribed).containsExactlyInAnyOrder(CHANNELS);
        assertThat(client.exchange().orElseThrow().channels())
                .filteredOn(c -> FED.contains(c.name()))
                .allMatch(c -> c.state() == ChannelStatus.State.PROVEN);
        assertThat(user.first).isEmpty();
        assertThat(user.last)
                .allSatisfy((channel, id) -> assertThat(process.deribit.changeIds.get(channel) - id)
                        .as("but for what is under way")
                        .isLessThan(200));
    }

    private void withoutABreak(int rotations) {
        sound();
        assertThat(user.continuity).isEmpty();
        assertThat(client.exchange().orElseThrow().channels()).allMatch(c -> c.gaps() == 0);
        assertThat(user.snapshots).isEqualTo(2);
        assertThat(user.count(Type.LOST)).isZero();
        assertThat(user.count(Type.ROTATED)).isEqualTo(rotations);
        assertThat(user.count(Type.DRAINED)).isEqualTo(rotations);
        assertThat(client.metrics().rotations()).isEqualTo(rotations);
    }

    private void end() {
        process.end();
        assertThat(process.environment.pendingTimers()).isZero();
        assertThat(process.deribit.open).isEmpty();
    }

    @Test
    @DisplayName(
            "an order, a notice and the age: each time a new connection takes over, and nothing is lost or doubled")
    void eachReasonRotates() {
        ready();
        client.rotate();
        process.seconds(40);
        withoutABreak(1);
        process.deribit.current().send(NoticingExchange.SHUTDOWN);
        process.seconds(40);
        withoutABreak(2);
        end();
    }

    @Test
    @DisplayName("rotate.after goes before what the exchange says")
    void theOptionGoesFirst() {
        process.deribit.mostOpen = 2;
        process.deribit.messageEvery = Duration.ofMillis(50).toNanos();
        process.deribit.feed(FED);
        client = process.open(DeribitProcess.options(CHANNELS).option("rotate.after", "10m"), user, user);
        process.run(Duration.ofMinutes(65));
        long rotations = client.metrics().rotations();
        assertThat(rotations).isBetween(6L, 7L);
        withoutABreak((int) rotations);
        end();
    }

    @Test
    @DisplayName("calls finish where they were sent, new ones go to the new connection")
    void callsFinishWhereTheyWereSent() {
        ready();
        DeribitPeer old = process.deribit.current();
        process.deribit.slowest = Duration.ofSeconds(8);
        List<CompletableFuture<Answer>> calls = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            calls.add(client.exchange()
                    .orElseThrow()
                    .call(Call.of("private/buy", "{}"))
                    .toCompletableFuture());
        }
        process.run(Duration.ofMillis(20));
        process.deribit.slowest = Duration.ofMillis(50);
        client.rotate();
        process.seconds(5);
        DeribitPeer fresh = process.deribit.current();
        assertThat(fresh).isNotSameAs(old);
        assertThat(user.count(Type.ROTATED)).isEqualTo(1);
        assertThat(calls).anyMatch(c -> !c.isDone());
        CompletableFuture<Answer> later = client.exchange()
                .orElseThrow()
                .call(Call.of("private/get_positions", "{}"))
                .toCompletableFuture();
        process.seconds(20);
        assertThat(calls).allMatch(c -> c.isDone() && !c.isCompletedExceptionally());
        assertThat(later).isCompleted();
        assertThat(old.methods).doesNotContain("private/get_positions");
        assertThat(fresh.methods).contains("private/get_positions").doesNotContain("private/buy");
        withoutABreak(1);
        end();
    }

    @Test
    @DisplayName(
            "the new one ends while the old one still awaits an answer, which ends with it: the resumption names that call")
    void callsOfAnOldConnectionAreReported() {
        ready();
        process.deribit.unanswered = Optional.of("private/buy");
        CompletableFuture<Answer> call = client.exchange()
                .orElseThrow()
                .call(Call.of("private/buy", "{}"))
                .toCompletableFuture();
        process.run(Duration.ofMillis(20));
        client.rotate();
        process.seconds(5);
        assertThat(user.count(Type.ROTATED)).isEqualTo(1);
        assertThat(user.count(Type.DRAINED)).isZero();
        process.deribit.current().cut();
        process.seconds(60);
        assertThat(call).isCompletedExceptionally();
        assertThat(user.continuity)
                .filteredOn(Continuity.Resumed.class::isInstance)
                .singleElement()
                .satisfies(c -> assertThat(((Continuity.Resumed) c).unknown())
                        .singleElement()
                        .satisfies(u -> assertThat(u.method()).isEqualTo("private/buy")));
        sound();
        end();
    }

    @Test
    @DisplayName(
            "a new connection that is refused: the old one stays, it is tried again paced, and takes over in the end")
    void aRefusedOneIsTriedAgain() {
        ready();
        long attempts = process.deribit.attempts;
        process.deribit.refusedUntil =
                process.environment.nanoTime() + Duration.ofMinutes(5).toNanos();
        client.rotate();
        process.run(Duration.ofMinutes(4));
        assertThat(user.count(Type.ROTATION_FAILED)).isPositive();
        assertThat(process.deribit.attempts - attempts).isLessThan(40);
        assertThat(client.state()).isEqualTo(ClientState.READY);
        assertThat(client.health().status()).isEqualTo(ClientHealth.Status.WARN);
        assertThat(user.count(Type.LOST)).isZero();
        process.run(Duration.ofMinutes(3));
        withoutABreak(1);
        assertThat(client.health().status()).isEqualTo(ClientHealth.Status.OK);
        end();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"public/hello", "public/set_heartbeat", "public/auth", "private/subscribe", "public/subscribe"})
    @DisplayName("a new connection that is silent at a step of its set-up: the old one stays meanwhile")
    void aSilentOneIsGivenUp(String method) {
        ready();
        process.deribit.unanswered = Optional.of(method);
        client.rotate();
        process.seconds(100);
        assertThat(user.count(Type.LOST)).isZero();
        assertThat(user.count(Type.ROTATION_FAILED)).isPositive();
        assertThat(process.deribit.of("deribit")).hasSizeLessThanOrEqualTo(2);
        process.deribit.unanswered = Optional.empty();
        process.seconds(150);
        withoutABreak(1);
        end();
    }

    @Test
    @DisplayName("a log-in that is refused for the new connection does not cost the old one")
    void aRefusedLogInCostsNothing() {
        ready();
        process.deribit.errors.put("public/auth", 13004);
        client.rotate();
        process.seconds(60);
        assertThat(user.count(Type.ROTATION_FAILED)).isEqualTo(1);
        assertThat(user.count(Type.LOST) + user.count(Type.EXITED)).isZero();
        assertThat(client.state()).isEqualTo(ClientState.READY);
        client.rotate();
        process.seconds(40);
        withoutABreak(1);
        end();
    }

    /** What meets a client, its old connection or its new one, in the middle of a rotation. */
    enum Blow {
        OLD_CUT,
        OLD_HALF_OPEN,
        NEW_CUT,
        NEW_HALF_OPEN,
        BOTH_CUT,
        RECONNECT,
        OPTIONS,
        ROTATE
    }

    @ParameterizedTest
    @EnumSource(Blow.class)
    @DisplayName("whatever meets it, at whatever moment of a rotation: what is lost is told, and it recovers")
    void itRecoversFromEverything(Blow blow) {
        ready();
        for (int at = 0; at < 1_200; at += 13) {
            client.rotate();
            process.run(Duration.ofMillis(at));
            boolean overlap = user.count(Type.ROTATED) > user.count(Type.DRAINED) + user.count(Type.LOST);
            long gaps = user.gaps;
            long rotated = user.count(Type.ROTATED);
            strike(blow, at);
            // What was under way before the blow may let the new one take over right after it.
            process.run(Duration.ofMillis(50));
            overlap |= user.count(Type.ROTATED) > rotated;
            settle();
            sound();
            // Only the old connection can bring what the new one came too late for. If it ends before, that is missing.
            boolean mayMiss = blow == Blow.OLD_HALF_OPEN || overlap && blow != Blow.ROTATE;
            assertThat(user.gaps - gaps).as("%s after %d ms", blow, at).isLessThanOrEqualTo(mayMiss ? 2 : 0);
        }
        assertThat(user.count(Type.ROTATED)).isPositive();
        assertThat(client.exchange().orElseThrow().channels().stream()
                        .mapToLong(ChannelStatus::gaps)
                        .sum())
                .isEqualTo(user.gaps);
        end();
    }

    private void strike(Blow blow, int at) {
        List<DeribitPeer> open = process.deribit.of("deribit");
        DeribitPeer old = open.get(0);
        Optional<DeribitPeer> fresh = open.size() > 1 ? Optional.of(open.get(1)) : Optional.empty();
        switch (blow) {
            case OLD_CUT -> old.cut();
            case OLD_HALF_OPEN -> old.goHalfOpen();
            case NEW_CUT -> fresh.ifPresent(DeribitPeer::cut);
            case NEW_HALF_OPEN -> fresh.ifPresent(DeribitPeer::goHalfOpen);
            case BOTH_CUT -> open.forEach(DeribitPeer::cut);
            case RECONNECT -> client.reconnect();
            case OPTIONS ->
                process.reconfigure(
                        client.id(), DeribitProcess.options(CHANNELS).option("headers", List.of("X-Number: " + at)));
            case ROTATE -> client.rotate();
        }
    }

    /** Until everything there is to do is done; a half-open connection takes a heartbeat's time to be found. */
    private void settle() {
        for (int i = 0; i < 60; i++) {
            process.seconds(5);
            boolean quiet = process.deribit.open.size() == 1
                    && !process.deribit.current().silent()
                    && client.state() == ClientState.READY;
            if (i >= 3 && quiet && proven()) {
                return;
            }
        }
    }

    private boolean proven() {
        return client.exchange().orElseThrow().channels().stream()
                .filter(c -> FED.contains(c.name()))
                .allMatch(c -> c.state() == ChannelStatus.State.PROVEN);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 8, 12, 20, 60, 120, 200, 300, 400, 600, 900, 2_000, 6_000})
    @DisplayName("closed in the middle of a rotation: no connection, no timer, no call is left")
    void closeEndsBoth(int at) {
        ready();
        CompletableFuture<Answer> call = client.exchange()
                .orElseThrow()
                .call(Call.of("private/buy", "{}"))
                .toCompletableFuture();
        client.rotate();
        process.run(Duration.ofMillis(at));
        client.close();
        process.seconds(12);
        assertThat(client.state()).isEqualTo(ClientState.CLOSED);
        assertThat(process.deribit.open).isEmpty();
        assertThat(call).isDone();
        assertThat(user.continuity).hasAtLeastOneElementOfType(Continuity.Left.class);
        end();
    }

    @Test
    @DisplayName("channels that are wanted or given back in the middle of a rotation")
    void channelsMayChangeMeanwhile() {
        ready();
        client.rotate();
        process.run(Duration.ofMillis(150));
        client.exchange().orElseThrow().subscribe(List.of("ticker.BTC-PERPETUAL.100ms"));
        client.exchange().orElseThrow().unsubscribe(List.of("book.ETH-PERPETUAL.100ms"));
        process.seconds(40);
        assertThat(process.deribit.open).hasSize(1);
        assertThat(process.deribit.current().subscribed)
                .containsExactlyInAnyOrder(CHANNELS[0], CHANNELS[2], CHANNELS[3], "ticker.BTC-PERPETUAL.100ms");
        assertThat(user.first).isEmpty();
        end();
    }

    private static final String SUBSCRIBE = "{\"jsonrpc\":\"2.0\",\"id\":\"s\",\"method\":\"public/subscribe\","
            + "\"params\":{\"channels\":[\"book.ETH-PERPETUAL.100ms\"]}}";

    /** Of each connection: frames by kind and direction. */
    private final Map<Long, Map<String, Long>> observed = new LinkedHashMap<>();

    private final List<String> afterTheEnd = new ArrayList<>();

    private void observe() {
        process.services.frames().add((origin, kind, outbound, payload, secret, nanos) -> {
            Map<String, Long> of = observed.computeIfAbsent(origin.connection(), c -> new LinkedHashMap<>());
            if (of.containsKey("in CLOSE")) {
                afterTheEnd.add(origin + " " + kind);
            }
            of.merge((outbound ? "out " : "in ") + kind, 1L, Long::sum);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("observers see every frame of both connections until each has ended, under its own number")
    void observersSeeBoth(boolean exchange) {
        observe();
        process.deribit.mostOpen = 2;
        process.deribit.messageEvery = Duration.ofMillis(1).toNanos();
        process.deribit.feed(FED);
        ClientOptions.Builder options = exchange
                ? DeribitProcess.options(CHANNELS)
                : ClientOptions.uri("wss://deribit.example/ws/api/v2")
                        .id("c")
                        .heartbeat("deribit", Map.of())
                        .option("open.messages", List.of(SUBSCRIBE))
                        .option("open.messages.expect", List.of("\"id\":\"s\""));
        List<DeribitPeer> peers = new ArrayList<>();
        process.deribit.onAccept = peers::add;
        client = process.open(options, m -> {}, e -> {});
        process.seconds(3);
        client.rotate();
        process.seconds(12);
        assertThat(client.metrics().rotations()).isEqualTo(1);
        assertThat(process.deribit.open).hasSize(1);
        client.close();
        process.seconds(3);
        assertThat(peers).hasSize(2);
        for (DeribitPeer peer : peers) {
            assertThat(peer.wire.brought()).isGreaterThan(1_000);
            assertThat(observed.get(peer.number))
                    .as("connection %d", peer.number)
                    .containsEntry("in OPEN", 1L)
                    .containsEntry("in TEXT", peer.wire.brought())
                    .containsEntry("out CLOSE", 1L)
                    .containsEntry("in CLOSE", 1L);
        }
        assertThat(observed).hasSize(2);
        assertThat(afterTheEnd).isEmpty();
        end();
    }
}
