// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim.deribit;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.ClientState;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.client.sim.QuietLogs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Days of ten clients at an exchange that ends every connection after 24 h and announces shutdowns now and then. {@code
 * -Dholdfast.rotation.days=30} for the figure of the goal.
 */
@ExtendWith(QuietLogs.class)
class RotationDaysTest {
    private static final int DAYS = Integer.getInteger("holdfast.rotation.days", 3);
    private static final int CLIENTS = 10;
    private static final Duration DAY = Duration.ofHours(24);
    private static final Duration NOTICE = Duration.ofMinutes(5);
    private static final List<String> CHANNELS =
            List.of("book.BTC-PERPETUAL.raw", "book.ETH-PERPETUAL.100ms", "trades.BTC-PERPETUAL.raw");

    private final DeribitProcess process = new DeribitProcess(30, new NoticingExchange(Duration.ofHours(23)));
    private long cuts;
    private long notices;

    @Test
    @DisplayName("nothing numbered is lost or doubled over days of cuts by age and announced shutdowns")
    void nothingIsLostOrDoubled() {
        process.deribit.mostOpen = 2;
        process.deribit.messageEvery = Duration.ofMinutes(2).toNanos();
        process.deribit.feed(CHANNELS);
        List<FeedListener> users = new ArrayList<>();
        List<WebSocketClient> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            FeedListener user = new FeedListener();
            users.add(user);
            clients.add(process.open(
                    DeribitProcess.options(CHANNELS.toArray(String[]::new))
                            .id("c" + i)
                            .option("uri", "wss://deribit.example/ws/api/v2?client=" + i)
                            .option("heartbeat.interval", "60s"),
                    user,
                    user));
        }
        process.deribit.onAccept = peer -> {
            process.deribit.busyUntil =
                    process.environment.nanoTime() + Duration.ofSeconds(3).toNanos();
            process.environment.world(DAY.toNanos(), () -> {
                if (process.deribit.open.contains(peer)) {
                    cuts++;
                    peer.close(1001);
                }
            });
        };
        announce();
        process.run(Duration.ofDays(DAYS));
        check(users, clients);
        process.end();
        assertThat(process.environment.pendingTimers()).isZero();
        assertThat(process.deribit.open).isEmpty();
    }

    /** One connection, or all of them, will be closed in five minutes; on average each eight hours. */
    private void announce() {
        process.environment.world(
                process.environment.random().nextLong(Duration.ofHours(16).toNanos()), () -> {
                    List<DeribitPeer> open = process.deribit.open;
                    boolean all = process.environment.random().nextInt(4) == 0;
                    List<DeribitPeer> told = all || open.isEmpty()
                            ? List.copyOf(open)
                            : List.of(open.get(process.environment.random().nextInt(open.size())));
                    for (DeribitPeer peer : told) {
                        notices++;
                        peer.send(NoticingExchange.SHUTDOWN);
                        process.environment.world(NOTICE.toNanos(), () -> {
                            if (process.deribit.open.contains(peer)) {
                                cuts++;
                                peer.close(1001);
                            }
                        });
                    }
                    announce();
                });
    }

    private void check(List<FeedListener> users, List<WebSocketClient> clients) {
        long rotations =
                clients.stream().mapToLong(c -> c.metrics().rotations()).sum();
        System.out.printf(
                "%d days, %d clients: %d rotations, %d notices, %d cuts by the server; book messages %d, lost %d, doubled %d;"
                        + " trades missed %d, repeated %d at %d switches, at most %d at one%n",
                DAYS,
                CLIENTS,
                rotations,
                notices,
                cuts,
                users.stream().mapToLong(u -> u.books).sum(),
                users.stream().mapToLong(u -> u.lost).sum(),
                users.stream().mapToLong(u -> u.doubled).sum(),
                users.stream().mapToLong(u -> u.tradesMissed).sum(),
                users.stream().mapToLong(u -> u.tradesRepeated).sum(),
                clients.stream().mapToLong(c -> c.metrics().streamsSwitched()).sum(),
                users.stream().mapToLong(u -> u.mostApart).max().orElseThrow());
        assertThat(clients)
                .as("every stream of trades goes over in every rotation")
                .allMatch(c -> c.metrics().streamsSwitched() == c.metrics().rotations());
        assertThat(process.deribit.violations).isEmpty();
        assertThat(clients).allMatch(c -> c.state() == ClientState.READY);
        assertThat(rotations).isGreaterThanOrEqualTo((long) CLIENTS * DAYS);
        assertThat(cuts).as("the server had to close none").isZero();
        for (FeedListener user : users) {
            assertThat(user.first).isEmpty();
            assertThat(user.continuity).isEmpty();
            assertThat(user.mostApart)
                    .as("trades repeated or missed at one switch")
                    .isLessThanOrEqualTo(1);
            assertThat(user.snapshots).as("the first one of each book").isEqualTo(2);
            assertThat(user.count(Type.LOST)).isZero();
            assertThat(user.count(Type.DRAINED)).isEqualTo(user.count(Type.ROTATED));
            assertThat(user.last)
                    .allSatisfy((channel, id) -> assertThat(process.deribit.changeIds.get(channel) - id)
                            .as("but for what is under way")
                            .isLessThan(20));
        }
    }
}
