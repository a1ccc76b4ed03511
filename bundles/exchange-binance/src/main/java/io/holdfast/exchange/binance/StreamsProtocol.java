// SPDX-License-Identifier: Apache-2.0
package io.holdfast.exchange.binance;

import com.google.gson.JsonArray;
import com.google.gson.JsonPrimitive;
import io.holdfast.api.exchange.Call;
import io.holdfast.api.exchange.ChannelSpec;
import io.holdfast.api.exchange.ExchangeProfile;
import io.holdfast.api.exchange.ExchangeProtocol;
import io.holdfast.api.exchange.Inbound;
import io.holdfast.api.exchange.SessionContext;
import io.holdfast.api.exchange.SessionStep;
import io.holdfast.api.heartbeat.SetupStep;
import io.holdfast.api.options.InvalidOptionException;
import java.util.List;
import java.util.Optional;

/** What Binance's market streams want. Without state: everything follows from address, settings and arguments. */
final class StreamsProtocol implements ExchangeProtocol {
    private final Endpoint endpoint;
    private final BinanceSettings settings;

    StreamsProtocol(Endpoint endpoint, BinanceSettings settings) {
        this.endpoint = endpoint;
        this.settings = settings;
        if (settings.auth() != BinanceSettings.Auth.NONE) {
            throw new InvalidOptionException(
                    BinanceSettings.AUTH, "market streams have no log-in; it is for a uri of the WebSocket API");
        }
    }

    @Override
    public ExchangeProfile profile() {
        return StreamsProfile.of(endpoint, settings);
    }

    @Override
    public ChannelSpec channel(String name) {
        StreamNames.check(name, endpoint);
        return new ChannelSpec(
                name,
                SetupStep.PUBLIC_SUBSCRIPTIONS,
                false,
                Optional.of(endpoint.market().book()).filter(b -> StreamNames.tellsChanges(name)),
                settings.silence(name));
    }

    @Override
    public List<SessionStep> session(SessionContext context) {
        return List.of();
    }

    @Override
    public Call subscribe(List<String> channels, int phase) {
        return call("SUBSCRIBE", channels);
    }

    @Override
    public Call unsubscribe(List<String> channels, int phase) {
        return call("UNSUBSCRIBE", channels);
    }

    private Call call(String method, List<String> streams) {
        JsonArray names = new JsonArray();
        streams.forEach(s -> names.add(new JsonPrimitive(s)));
        return Call.of(method, names.toString()).within(settings.limit());
    }

    /** The answer to a subscription is null whatever was asked for. */
    @Override
    public Optional<Call> list() {
        return Optional.of(Call.of("LIST_SUBSCRIPTIONS", "").within(settings.limit()));
    }

    @Override
    public Inbound decode(String frame) {
        return StreamsFrames.decode(frame);
    }
}
