// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.heartbeat.SetupStep;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the server says by itself before it wants to hear anything. Waited for from before the connection opens: it may come
 * with the very first bytes, sooner than the mailbox learns of the connection.
 */
final class Greetings {
    /** Confined to the mailbox. */
    private final Map<SetupStep, Greeting> greetings = new LinkedHashMap<>();

    private final Answers answers;

    Greetings(Answers answers) {
        this.answers = answers;
    }

    /** Takes notice of the step's greeting from now on. */
    void expect(SetupStep step) {
        greeting(step);
    }

    private Greeting greeting(SetupStep step) {
        return greetings.computeIfAbsent(step, s -> {
            Greeting greeting = new Greeting();
            answers.expect(s.expect().orElseThrow(), greeting);
            return greeting;
        });
    }

    /** Tells the receiver when the step's greeting comes, at once if it is here already. */
    void await(SetupStep step, Answers.Receiver receiver) {
        greeting(step).tell(receiver);
    }

    private static final class Greeting implements Answers.Receiver {
        /** Nanoseconds as of the connection's thread. */
        private record Came(boolean accepted, String shown, long nanos) {}

        /** Both guarded by this. */
        private Came came;

        private Answers.Receiver receiver;

        @Override
        public void answered(boolean accepted, String shown, long nanos) {
            Answers.Receiver told;
            synchronized (this) {
                came = new Came(accepted, shown, nanos);
                told = receiver;
            }
            if (told != null) {
                told.answered(accepted, shown, nanos);
            }
        }

        void tell(Answers.Receiver wanted) {
            Came here;
            synchronized (this) {
                receiver = wanted;
                here = came;
            }
            if (here != null) {
                wanted.answered(here.accepted, here.shown, here.nanos);
            }
        }
    }
}
