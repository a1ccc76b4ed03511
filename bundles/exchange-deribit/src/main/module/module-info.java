/** Exchange plugin for Deribit, found by ServiceLoader. */
module io.holdfast.exchange.deribit {
    requires transitive io.holdfast.api;
    requires transitive com.google.gson;

    exports io.holdfast.exchange.deribit;

    provides io.holdfast.api.exchange.ExchangeFactory with
            io.holdfast.exchange.deribit.DeribitExchange;
}
