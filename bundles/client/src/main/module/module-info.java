/** The connection engine; finds transport and heartbeat plugins by ServiceLoader. */
module io.holdfast.client {
    requires transitive io.holdfast.api;
    requires org.slf4j;

    exports io.holdfast.client;

    uses io.holdfast.api.exchange.ExchangeFactory;
    uses io.holdfast.api.heartbeat.HeartbeatFactory;
    uses io.holdfast.api.transport.Transport;
}
