/** Heartbeat plugin, found by ServiceLoader. */
module io.holdfast.heartbeat.deribit {
    requires io.holdfast.api;

    provides io.holdfast.api.heartbeat.HeartbeatFactory with
            io.holdfast.heartbeat.deribit.DeribitHeartbeat;
}
