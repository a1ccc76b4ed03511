/** Exchange plugin for Binance, found by ServiceLoader. */
module io.holdfast.exchange.binance {
    requires transitive io.holdfast.api;
    requires transitive com.google.gson;

    exports io.holdfast.exchange.binance;
    exports io.holdfast.exchange.binance.depth;

    provides io.holdfast.api.exchange.ExchangeFactory with
            io.holdfast.exchange.binance.BinanceExchange;
}
