// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.heartbeat.HeartbeatProfile;
import io.holdfast.api.heartbeat.HeartbeatState;
import java.util.Optional;

/** What the heartbeat's binding tells the engine, on the mailbox. */
final class FromHeartbeat implements HeartbeatBinding.Owner {
    private final ClientEngine engine;

    FromHeartbeat(ClientEngine engine) {
        this.engine = engine;
    }

    @Override
    public void profile(HeartbeatProfile profile, String pluginName) {
        engine.profileChanged(profile);
        tell(Type.HEARTBEAT_BOUND, Cause.of(Cause.Kind.OPERATOR, profile.type() + " by " + pluginName));
        engine.gate();
    }

    @Override
    public void degraded(String why) {
        tell(Type.DEGRADED, Cause.of(Cause.Kind.HEARTBEAT, why));
    }

    @Override
    public void fault(String what) {
        tell(Type.HEARTBEAT_FAULT, Cause.of(Cause.Kind.HEARTBEAT, what));
        engine.gate();
    }

    private void tell(Type type, Cause cause) {
        engine.refreshHeartbeatView();
        engine.events().publish(type, cause);
    }

    @Override
    public Optional<HeartbeatState> living() {
        return engine.living();
    }
}
