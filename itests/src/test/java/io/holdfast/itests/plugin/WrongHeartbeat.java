// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.plugin;

import io.holdfast.api.heartbeat.Heartbeat;
import io.holdfast.api.heartbeat.HeartbeatContext;
import io.holdfast.api.heartbeat.HeartbeatFactory;
import io.holdfast.api.heartbeat.HeartbeatProfile;
import io.holdfast.api.options.OptionSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** A plugin of another exchange with the highest ranking there can be; counts who asks it. */
@Component(property = {HeartbeatFactory.TYPE + "=binance", "service.ranking:Integer=2147483647"})
public final class WrongHeartbeat implements HeartbeatFactory {

    private final AtomicInteger asked;

    @Activate
    public WrongHeartbeat(@Reference(target = "(counts=wrong)") AtomicInteger asked) {
        this.asked = asked;
    }

    @Override
    public String type() {
        return "binance";
    }

    @Override
    public OptionSet options() {
        asked.incrementAndGet();
        return OptionSet.of();
    }

    @Override
    public Heartbeat open(HeartbeatContext context) {
        asked.incrementAndGet();
        return Heartbeat.of(HeartbeatProfile.of("binance"));
    }
}
