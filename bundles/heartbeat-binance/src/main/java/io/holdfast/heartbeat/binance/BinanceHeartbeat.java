// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.binance;

import io.holdfast.api.heartbeat.Heartbeat;
import io.holdfast.api.heartbeat.HeartbeatContext;
import io.holdfast.api.heartbeat.HeartbeatFactory;
import io.holdfast.api.options.OptionSet;
import org.osgi.service.component.annotations.Component;

/**
 * Binance's heartbeat: ping frames of the server, which the engine answers anyway, at a rate that differs by market, and
 * notices that the server will close. Stateless; everything is in the profile.
 */
@Component(property = HeartbeatFactory.TYPE + "=" + BinanceHeartbeat.NAME)
public final class BinanceHeartbeat implements HeartbeatFactory {
    static final String NAME = "binance";

    @Override
    public String type() {
        return NAME;
    }

    @Override
    public OptionSet options() {
        return BinanceSettings.OPTIONS;
    }

    @Override
    public Heartbeat open(HeartbeatContext context) {
        return Heartbeat.of(BinanceProfile.of(BinanceSettings.of(context.options())));
    }
}
