// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.plugin;

import io.holdfast.api.heartbeat.Heartbeat;
import io.holdfast.api.heartbeat.HeartbeatContext;
import io.holdfast.api.heartbeat.HeartbeatFactory;
import io.holdfast.api.options.OptionSet;
import org.osgi.service.component.annotations.Component;

/** The real plugin with a marker. */
@Component(property = HeartbeatFactory.TYPE + "=deribit")
public final class BlueHeartbeat implements HeartbeatFactory {

    private final MarkedDeribit deribit = new MarkedDeribit();

    @Override
    public String type() {
        return "deribit";
    }

    @Override
    public OptionSet options() {
        return deribit.options();
    }

    @Override
    public Heartbeat open(HeartbeatContext context) {
        return deribit.open(context);
    }
}
