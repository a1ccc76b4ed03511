// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.generic;

import io.holdfast.api.heartbeat.ClientBeat;
import io.holdfast.api.heartbeat.HeartbeatProfile;
import io.holdfast.api.heartbeat.HeartbeatProfile.Alive;
import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.api.options.OptionValues;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** From options to the profile. Pure. */
final class GenericProfile {
    private GenericProfile() {}

    static HeartbeatProfile of(OptionValues values) {
        Optional<ClientBeat> beat = new ClientSide(values).beat();
        Alive alive = Alive.valueOf(
                values.text(GenericOptions.ALIVE).replace('-', '_').toUpperCase(Locale.ROOT));
        Duration silence = Bounds.orZero(values, GenericOptions.SILENCE);
        Duration within = Bounds.orZero(values, GenericOptions.SERVER_WITHIN);
        requireVerdict(values, beat, silence, within);
        ServerSide server = new ServerSide(values);
        HeartbeatProfile profile = HeartbeatProfile.of(GenericHeartbeat.NAME)
                .withSetup(server.setup())
                .withPatterns(server.patterns())
                .withSilence(alive, silence)
                .withBeatWithin(within);
        return beat.map(profile::withBeat).orElse(profile);
    }

    /** A heartbeat that can never find a connection dead is a mistake in the configuration. */
    private static void requireVerdict(
            OptionValues values, Optional<ClientBeat> beat, Duration silence, Duration within) {
        boolean answered = beat.isPresent()
                && (beat.get().kind() == ClientBeat.Kind.PING_FRAME
                        || beat.get().answer().isPresent());
        if (!answered && silence.isZero() && within.isZero()) {
            throw new InvalidOptionException(
                    beat.isPresent() ? GenericOptions.ANSWER : GenericOptions.SILENCE,
                    "is required with heartbeat.kind="
                            + values.text(GenericOptions.KIND)
                            + " when neither heartbeat.silence nor heartbeat.server.within is given: no connection would ever be found dead");
        }
    }
}
