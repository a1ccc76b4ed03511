// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.foreign;

import static org.awaitility.Awaitility.await;

import info.bitrich.xchangestream.binance.BinanceStreamingExchange;
import info.bitrich.xchangestream.core.ProductSubscription;
import io.holdfast.simulator.Session;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import io.reactivex.rxjava3.disposables.Disposable;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.knowm.xchange.ExchangeSpecification;
import org.knowm.xchange.binance.BinanceAdapters;
import org.knowm.xchange.currency.CurrencyPair;

/** XChange's streaming client for Binance. */
class XChangeTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void readsStreamsAnswersPingsAndComesBackAfterACut() {
        try (Simulator simulator = Simulator.start(SimulatorOptions.builder()
                .heartbeatUnit(Duration.ofMillis(50))
                .rate(20)
                .build())) {
            ExchangeSpecification specification = new ExchangeSpecification(BinanceStreamingExchange.class);
            specification.setShouldLoadRemoteMetaData(false);
            // It does not heed the specification's own address for WebSockets.
            BinanceStreamingExchange exchange = new BinanceStreamingExchange() {
                @Override
                protected String getStreamingBaseUri() {
                    return "ws://127.0.0.1:" + simulator.port() + "/";
                }
            };
            exchange.applySpecification(specification);
            BinanceAdapters.putSymbolMapping("BTCUSDT", CurrencyPair.BTC_USDT); // else asked of REST
            AtomicInteger trades = new AtomicInteger();
            AtomicInteger errors = new AtomicInteger();
            if (!exchange.connect(ProductSubscription.create()
                            .addTrades(CurrencyPair.BTC_USDT)
                            .build())
                    .blockingAwait(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("not connected within " + LIMIT);
            }
            Disposable subscription = exchange.getStreamingMarketDataService()
                    .getTrades(CurrencyPair.BTC_USDT)
                    .subscribe(trade -> trades.incrementAndGet(), failure -> errors.incrementAndGet());
            try {
                Session first = simulator.awaitOpen(1, LIMIT).get(0);
                await("trades").atMost(LIMIT).until(() -> trades.get() > 5);
                await("three right pongs")
                        .atMost(LIMIT)
                        .until(() -> simulator.binance().state(first.number()).pongsMatched() >= 3);

                simulator.faults().reset();
                Session second = simulator.awaitOpenAfter(first.number(), LIMIT);
                int before = trades.get();
                await("trades again").atMost(LIMIT).until(() -> trades.get() > before + 5);
                System.out.println("xchange-stream-binance: " + trades + " trades, " + errors + " errors, streams "
                        + Set.copyOf(simulator.binance().state(second.number()).subscriptions()) + ", accepts "
                        + simulator.accepts());
            } finally {
                subscription.dispose();
                if (!exchange.disconnect().blockingAwait(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                    throw new AssertionError("not disconnected within " + LIMIT);
                }
            }
        }
    }
}
