/** Contracts: clients, supervision, heartbeats, transports, options. */
module io.holdfast.api {
    exports io.holdfast.api.client;
    exports io.holdfast.api.exchange;
    exports io.holdfast.api.heartbeat;
    exports io.holdfast.api.options;
    exports io.holdfast.api.supervision;
    exports io.holdfast.api.transport;
}
