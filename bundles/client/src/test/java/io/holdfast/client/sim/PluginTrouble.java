// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** What goes wrong inside the exchange plugins: in one function at a time, for a few calls. */
final class PluginTrouble {
    static final List<String> FUNCTIONS = List.of(
            "open",
            "prepare",
            "channel",
            "session",
            "subscribe",
            "unsubscribe",
            "renewal",
            "decode",
            "decode",
            "decode");

    enum Kind {
        THROWS,
        HANGS
    }

    /** @param meanwhile what happens to the plugin while it is inside */
    private record Planned(String function, Kind kind, Duration span, Runnable meanwhile) {}

    private final VirtualEnvironment environment;
    private Optional<Planned> planned = Optional.empty();
    private int calls;
    private int hanging;

    /** Told of the client and the frame that was not decoded. */
    BiConsumer<String, String> unread = (client, frame) -> {};

    PluginTrouble(VirtualEnvironment environment) {
        this.environment = environment;
    }

    /** @param most calls of the function that it befalls */
    void plan(String function, Kind kind, Duration span, int most, Runnable meanwhile) {
        planned = Optional.of(new Planned(function, kind, span, meanwhile));
        calls = most;
    }

    void end() {
        planned = Optional.empty();
    }

    /** Whether some call has not returned: then nothing may be removed, as that would wait for it. */
    boolean inside() {
        return hanging > 0;
    }

    /** At the beginning of each call into a plugin. */
    void enter(String function) {
        enter(function, "", "");
    }

    void decoding(String client, String frame) {
        enter("decode", client, frame);
    }

    private void enter(String function, String client, String frame) {
        Planned now = planned.filter(p -> p.function().equals(function)).orElse(null);
        if (now == null) {
            return;
        }
        if (--calls <= 0) {
            planned = Optional.empty();
        }
        if (!frame.isEmpty()) {
            unread.accept(client, frame);
        }
        now.meanwhile().run();
        if (now.kind() == Kind.THROWS) {
            throw new IllegalStateException("simulated fault of the plugin");
        }
        hanging++;
        try {
            environment.hang(now.span());
        } finally {
            hanging--;
        }
    }
}
