// SPDX-License-Identifier: Apache-2.0
package io.holdfast.exchange.binance;

import com.google.gson.JsonObject;
import io.holdfast.api.exchange.Call;
import io.holdfast.api.exchange.ChannelSpec;
import io.holdfast.api.exchange.ExchangeProfile;
import io.holdfast.api.exchange.ExchangeProtocol;
import io.holdfast.api.exchange.Inbound;
import io.holdfast.api.exchange.SessionContext;
import io.holdfast.api.exchange.SessionStep;
import io.holdfast.api.heartbeat.SetupStep;
import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.exchange.binance.BinanceSettings.Auth;
import java.util.ArrayList;
import java.util.List;

/** What Binance's WebSocket API wants. Without state: everything follows from the settings and the arguments. */
final class ApiProtocol implements ExchangeProtocol {
    private static final String NO_STREAMS =
            "the WebSocket API has no streams for exchange.channels: the account's events come with exchange.user.data, market streams on a client of their own";

    private final BinanceSettings settings;

    ApiProtocol(Endpoint endpoint, BinanceSettings settings) {
        this.settings = settings;
        if (settings.inUri()) {
            throw new InvalidOptionException(
                    BinanceSettings.SUBSCRIBE, "the WebSocket API has no streams to name in uri");
        }
        if (settings.userData() && endpoint.market() != Market.SPOT) {
            throw new InvalidOptionException(
                    BinanceSettings.USER_DATA,
                    "is for spot; the events of a futures account come by listen key on market streams");
        }
    }

    @Override
    public ExchangeProfile profile() {
        return ApiProfile.of(settings);
    }

    @Override
    public ChannelSpec channel(String name) {
        throw new IllegalArgumentException(NO_STREAMS);
    }

    @Override
    public List<SessionStep> session(SessionContext context) {
        List<SessionStep> steps = new ArrayList<>();
        if (settings.auth() == Auth.ED25519) {
            steps.add(step(SetupStep.LOG_IN, "log-in", "session.logon", signed(context), true));
        }
        if (settings.userData()) {
            steps.add(
                    settings.auth() == Auth.ED25519
                            ? step(SetupStep.PRIVATE_SUBSCRIPTIONS, "user data", "userDataStream.subscribe", "", false)
                            : step(
                                    SetupStep.PRIVATE_SUBSCRIPTIONS,
                                    "user data",
                                    "userDataStream.subscribe.signature",
                                    signed(context),
                                    true));
        }
        return steps;
    }

    private String signed(SessionContext context) {
        JsonObject params = BinanceLogin.signed(settings, context);
        return params.toString();
    }

    private SessionStep step(int phase, String name, String method, String params, boolean logIn) {
        return new SessionStep(phase, name, Call.of(method, params).within(settings.limit()), logIn);
    }

    @Override
    public Call subscribe(List<String> channels, int phase) {
        throw new IllegalArgumentException(NO_STREAMS);
    }

    @Override
    public Call unsubscribe(List<String> channels, int phase) {
        throw new IllegalArgumentException(NO_STREAMS);
    }

    @Override
    public Inbound decode(String frame) {
        return ApiFrames.decode(frame, settings.userData());
    }
}
