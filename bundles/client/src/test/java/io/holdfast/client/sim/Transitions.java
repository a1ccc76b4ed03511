// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import static io.holdfast.client.core.Phase.BACKOFF;
import static io.holdfast.client.core.Phase.CLOSED;
import static io.holdfast.client.core.Phase.CLOSING;
import static io.holdfast.client.core.Phase.CONNECTING;
import static io.holdfast.client.core.Phase.EXITED;
import static io.holdfast.client.core.Phase.GATED;
import static io.holdfast.client.core.Phase.IDLE;
import static io.holdfast.client.core.Phase.PERMIT;
import static io.holdfast.client.core.Phase.READY;
import static io.holdfast.client.core.Phase.RECONNECTING;
import static io.holdfast.client.core.Phase.SETTING_UP;
import static io.holdfast.client.core.Phase.STOPPING;

import io.holdfast.client.core.Input;
import io.holdfast.client.core.Phase;
import java.util.HashSet;
import java.util.Set;

/**
 * The changes of phase that {@code ConnectionMachine} can make, read off its code by hand so that a change there must be
 * made here as well: a run that takes one which is not listed fails, and so does a set of runs that never takes one of
 * {@link #EXPECTED}.
 */
final class Transitions {
    record Step(Phase before, Class<?> input, Phase after) {
        @Override
        public String toString() {
            return before + " --" + input.getSimpleName() + "--> " + after;
        }
    }

    /** Every one occurs in 2,000 schedules. */
    static final Set<Step> EXPECTED = new HashSet<>();

    /** Possible, but so rare that a set of runs need not have them; unit tests of the machine do. */
    static final Set<Step> RARE = new HashSet<>();

    static {
        // A start goes to the gate, to the endpoint group, or waits for the floor and the back-off that outlive
        // incarnations.
        expect(IDLE, Input.Start.class, GATED, PERMIT, BACKOFF);
        expect(EXITED, Input.Start.class, BACKOFF);
        rare(EXITED, Input.Start.class, GATED);
        expect(GATED, Input.Gate.class, PERMIT);
        rare(GATED, Input.Gate.class, BACKOFF);

        // The attempt.
        expect(PERMIT, Input.PermitGranted.class, CONNECTING);
        expect(CONNECTING, Input.Opened.class, SETTING_UP);
        expect(CONNECTING, Input.ConnectFailed.class, BACKOFF, EXITED);
        // One that could not be prepared.
        expect(CONNECTING, Input.Judged.class, BACKOFF, EXITED);
        expect(CONNECTING, Input.TimerFired.class, BACKOFF);
        rare(CONNECTING, Input.TimerFired.class, EXITED);
        expect(SETTING_UP, Input.SetupDone.class, READY);
        expect(BACKOFF, Input.TimerFired.class, PERMIT);

        // The end of a connection: at once after a stable one, else with back-off, else at the limit.
        expect(READY, Input.Closed.class, PERMIT, BACKOFF, EXITED);
        expect(READY, Input.Dead.class, PERMIT, BACKOFF);
        rare(READY, Input.Dead.class, EXITED);
        expect(SETTING_UP, Input.Closed.class, BACKOFF, EXITED);
        expect(SETTING_UP, Input.Dead.class, BACKOFF, EXITED);
        rare(SETTING_UP, Input.Closed.class, PERMIT);
        rare(SETTING_UP, Input.Dead.class, PERMIT);

        // What an answer of the session says about the whole connection.
        expect(READY, Input.Judged.class, BACKOFF);
        expect(SETTING_UP, Input.Judged.class, BACKOFF, EXITED);
        rare(READY, Input.Judged.class, EXITED);

        // Reconnect.
        expect(READY, Input.Reconnect.class, RECONNECTING);
        expect(SETTING_UP, Input.Reconnect.class, RECONNECTING);
        expect(BACKOFF, Input.Reconnect.class, PERMIT);
        expect(RECONNECTING, Input.Closed.class, PERMIT, BACKOFF);
        expect(RECONNECTING, Input.TimerFired.class, PERMIT);

        // A rotation leaves the phase alone, whatever becomes of it. Without a ready connection it is a reconnect; when
        // the
        // connection ends while another is being made beside it, that one goes on as it is.
        expect(SETTING_UP, Input.Rotate.class, RECONNECTING);
        expect(BACKOFF, Input.Rotate.class, PERMIT);
        expect(READY, Input.Closed.class, CONNECTING, SETTING_UP);
        expect(READY, Input.Dead.class, CONNECTING, SETTING_UP);

        // Changed options: an attempt under way with the former ones is given up too.
        expect(READY, Input.Redirect.class, RECONNECTING);
        expect(SETTING_UP, Input.Redirect.class, RECONNECTING);
        expect(BACKOFF, Input.Redirect.class, PERMIT);
        expect(CONNECTING, Input.Redirect.class, BACKOFF);
        rare(CONNECTING, Input.Redirect.class, PERMIT);
        rare(PERMIT, Input.Redirect.class, BACKOFF);

        // Stop wins from everywhere.
        expect(GATED, Input.Stop.class, IDLE);
        expect(PERMIT, Input.Stop.class, IDLE);
        expect(CONNECTING, Input.Stop.class, IDLE);
        expect(BACKOFF, Input.Stop.class, IDLE);
        rare(EXITED, Input.Stop.class, IDLE);
        expect(SETTING_UP, Input.Stop.class, STOPPING);
        expect(READY, Input.Stop.class, STOPPING);
        expect(RECONNECTING, Input.Stop.class, STOPPING);
        expect(STOPPING, Input.Closed.class, IDLE);
        expect(STOPPING, Input.TimerFired.class, IDLE);

        // At once, when a supervisor loses patience.
        for (Phase p : new Phase[] {SETTING_UP, READY, RECONNECTING, STOPPING}) {
            rare(p, Input.Stop.class, IDLE);
        }

        // So does close.
        for (Phase p : new Phase[] {IDLE, GATED, PERMIT, CONNECTING, BACKOFF, EXITED}) {
            expect(p, Input.Close.class, CLOSED);
        }
        for (Phase p : new Phase[] {SETTING_UP, READY, RECONNECTING, STOPPING}) {
            expect(p, Input.Close.class, CLOSING);
        }
        expect(CLOSING, Input.Closed.class, CLOSED);
        expect(CLOSING, Input.TimerFired.class, CLOSED);

        // A fault of the engine itself; which phase it meets is chance.
        expect(CONNECTING, Input.Crash.class, EXITED);
        expect(READY, Input.Crash.class, EXITED);
        expect(BACKOFF, Input.Crash.class, EXITED);
        for (Phase p : new Phase[] {GATED, PERMIT, SETTING_UP, RECONNECTING}) {
            rare(p, Input.Crash.class, EXITED);
        }
        rare(STOPPING, Input.Crash.class, IDLE);
        rare(CLOSING, Input.Crash.class, CLOSED);
    }

    private Transitions() {}

    private static void expect(Phase before, Class<?> input, Phase... after) {
        for (Phase p : after) {
            EXPECTED.add(new Step(before, input, p));
        }
    }

    private static void rare(Phase before, Class<?> input, Phase... after) {
        for (Phase p : after) {
            RARE.add(new Step(before, input, p));
        }
    }
}
