// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.generic;

import io.holdfast.api.heartbeat.Heartbeat;
import io.holdfast.api.heartbeat.HeartbeatContext;
import io.holdfast.api.heartbeat.HeartbeatFactory;
import io.holdfast.api.options.OptionSet;
import org.osgi.service.component.annotations.Component;

/**
 * Heartbeats that can be said by configuration alone: ping frames, a literal text, a JSON request with an id, nothing
 * sent at all, and frames of the server with a ready-made reply. Stateless; everything is in the profile.
 */
@Component(property = HeartbeatFactory.TYPE + "=" + GenericHeartbeat.NAME)
public final class GenericHeartbeat implements HeartbeatFactory {
    static final String NAME = "generic";

    @Override
    public String type() {
        return NAME;
    }

    @Override
    public OptionSet options() {
        return GenericOptions.ALL;
    }

    @Override
    public Heartbeat open(HeartbeatContext context) {
        return Heartbeat.of(GenericProfile.of(context.options()));
    }
}
