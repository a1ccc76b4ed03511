// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.deribit;

import io.holdfast.api.heartbeat.Heartbeat;
import io.holdfast.api.heartbeat.HeartbeatContext;
import io.holdfast.api.heartbeat.HeartbeatFactory;
import io.holdfast.api.options.OptionSet;
import org.osgi.service.component.annotations.Component;

/**
 * Deribit's heartbeat: the client asks for it on every connection, the server then sends {@code test_request}s and closes
 * a connection that leaves one unanswered. Stateless; everything is in the profile.
 */
@Component(property = HeartbeatFactory.TYPE + "=" + DeribitHeartbeat.NAME)
public final class DeribitHeartbeat implements HeartbeatFactory {
    static final String NAME = "deribit";

    @Override
    public String type() {
        return NAME;
    }

    @Override
    public OptionSet options() {
        return DeribitSettings.OPTIONS;
    }

    @Override
    public Heartbeat open(HeartbeatContext context) {
        return Heartbeat.of(DeribitProfile.of(DeribitSettings.of(context.options())));
    }
}
