// SPDX-License-Identifier: Apache-2.0
package io.holdfast.exchange.binance.depth;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.exchange.binance.depth.DepthJoin.Verdict;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Whatever is lost, doubled, brought out of order or cut, and however old a snapshot is: a joined book is what the exchange had
 * at its number. And once nothing is lost any more it is joined again.
 */
class DepthJoinProperties {
    private static final int PRICES = 6;

    /** The exchange: every change of one price, by its number; numbers of futures have holes, as other books use them too. */
    private static final class Exchange {
        private final boolean futures;
        private final Random random;
        private final TreeMap<Long, DepthLevel> changes = new TreeMap<>();
        private final List<DepthUpdate> messages = new ArrayList<>();
        private long number;
        private long sent = 99;

        Exchange(boolean futures, Random random) {
            this.futures = futures;
            this.random = random;
            number = sent;
        }

        /** Positive prices are bids, negative asks: one map for both. */
        void publish() {
            int n = 1 + random.nextInt(4);
            List<DepthLevel> bids = new ArrayList<>();
            List<DepthLevel> asks = new ArrayList<>();
            Map<Integer, Integer> latest = new HashMap<>();
            long first = 0;
            for (int i = 0; i < n; i++) {
                number += futures ? 1 + random.nextInt(5) : 1;
                first = i == 0 ? number : first;
                int price = (1 + random.nextInt(PRICES)) * (random.nextBoolean() ? 1 : -1);
                int quantity = random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(9);
                latest.put(price, quantity);
                changes.put(number, level(price, quantity));
            }
            latest.forEach((price, quantity) -> (price > 0 ? bids : asks).add(level(Math.abs(price), quantity)));
            messages.add(new DepthUpdate("x@depth", "X", first, number, futures ? sent : DepthUpdate.NONE, bids, asks));
            sent = number;
        }

        private static DepthLevel level(int price, int quantity) {
            return new DepthLevel(BigDecimal.valueOf(price), BigDecimal.valueOf(quantity));
        }

        DepthSnapshot at(long id) {
            Map<BigDecimal, BigDecimal> levels = new TreeMap<>();
            changes.headMap(id, true).values().forEach(l -> levels.put(l.price(), l.quantity()));
            List<DepthLevel> bids = new ArrayList<>();
            List<DepthLevel> asks = new ArrayList<>();
            levels.forEach((price, quantity) -> {
                if (quantity.signum() != 0) {
                    (price.signum() > 0 ? bids : asks).add(new DepthLevel(price.abs(), quantity));
                }
            });
            return new DepthSnapshot(id, bids, asks);
        }
    }

    /** A user of the join, as thin as can be. */
    private static final class User {
        private final DepthJoin join = new DepthJoin(8);
        private final DepthBook book = new DepthBook("x@depth", "X");
        private boolean asked;

        void take(DepthUpdate update) {
            Verdict verdict = join.update(update);
            if (verdict == Verdict.APPLY) {
                book.apply(update);
            }
            asked |= verdict == Verdict.ASK_SNAPSHOT;
        }

        void take(DepthSnapshot snapshot) {
            asked = false;
            Verdict verdict = join.snapshot(snapshot);
            if (verdict == Verdict.APPLY) {
                book.apply(snapshot);
                join.held().forEach(book::apply);
            }
            asked = verdict == Verdict.ASK_SNAPSHOT;
        }
    }

    private static void right(User user, Exchange exchange) {
        if (user.join.joined()) {
            assertThat(user.book.position()).isEqualTo(user.join.position());
            DepthBook truth = new DepthBook("x@depth", "X");
            truth.apply(exchange.at(user.book.position()));
            assertThat(user.book.bids()).isEqualTo(truth.bids());
            assertThat(user.book.asks()).isEqualTo(truth.asks());
        }
    }

    @Property(tries = 3000)
    void neverAWrongBook(
            @ForAll long seed,
            @ForAll boolean futures,
            @ForAll @IntRange(max = 30) int lossPercent,
            @ForAll @IntRange(max = 30) int disorderPercent,
            @ForAll @IntRange(max = 12) int snapshotLag) {
        Random random = new Random(seed);
        Exchange exchange = new Exchange(futures, random);
        User user = new User();
        List<DepthUpdate> late = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            exchange.publish();
            DepthUpdate newest = exchange.messages.get(exchange.messages.size() - 1);
            if (random.nextInt(100) < lossPercent) {
                continue;
            }
            if (random.nextInt(100) < disorderPercent) {
                late.add(newest);
            } else {
                user.take(newest);
                right(user, exchange);
            }
            if (!late.isEmpty() && random.nextInt(3) == 0) {
                user.take(late.remove(random.nextInt(late.size())));
                right(user, exchange);
            }
            if (random.nextInt(100) < disorderPercent) {
                user.take(newest);
                right(user, exchange);
            }
            if (random.nextInt(40) == 0) {
                user.join.lost();
            }
            if (user.asked && random.nextInt(3) == 0) {
                if (random.nextInt(6) == 0) {
                    user.asked = false;
                    user.join.failed();
                } else {
                    // From some messages ago up to the newest change, also between and within messages.
                    int from = Math.max(0, exchange.messages.size() - 1 - random.nextInt(snapshotLag + 1));
                    long least = exchange.messages.get(from).follows();
                    user.take(exchange.at(least + random.nextLong(exchange.number - least + 1)));
                }
                right(user, exchange);
            }
        }
        // From here on all goes well.
        for (int i = 0; i < 3; i++) {
            exchange.publish();
            user.take(exchange.messages.get(exchange.messages.size() - 1));
            if (user.asked) {
                user.take(exchange.at(exchange.number));
            }
            right(user, exchange);
        }
        assertThat(user.join.joined()).isTrue();
        assertThat(user.book.position()).isEqualTo(exchange.number);
    }
}
