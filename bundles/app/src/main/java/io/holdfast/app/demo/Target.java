// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.demo;

import java.util.List;

/**
 * One client of the script.
 *
 * @param id its client id
 * @param path the prefix of its path at the simulator
 * @param streams the numbered streams it gets
 */
record Target(String id, String path, List<String> streams) {

    static final Target DERIBIT =
            new Target("deribit", "/ws/api/v2", List.of("ticker.BTC-PERPETUAL.100ms", "book.BTC-PERPETUAL.100ms"));
    static final Target BINANCE = new Target("binance", "/stream", List.of("btcusdt@trade", "btcusdt@depth@100ms"));
    /** Has next to no patience, so that its budget of restarts can be spent in seconds. */
    static final Target FRAGILE = new Target("fragile", "/generic/fragile", List.of("/generic/fragile"));

    static final List<Target> EXCHANGES = List.of(DERIBIT, BINANCE);
    static final List<Target> ALL = List.of(DERIBIT, BINANCE, FRAGILE);
}
