// SPDX-License-Identifier: Apache-2.0
package io.holdfast.shell;

import java.util.List;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.CommandSessionListener;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells each session of a shell that completes (Gogo with JLine) what the arguments of our commands can be. Done with that shell's own
 * command {@code complete}, so that nothing of it is imported; other shells have no such command, and nothing is done there.
 */
@Component(service = CommandSessionListener.class)
public final class Completions implements CommandSessionListener {
    /** Session variable in which that shell keeps what {@code complete} was told; only there in its interactive sessions. */
    static final String COMPLETIONS = ".completions";

    /** Session variable: the completions that ours were added to. Names with a dot are not shown among a user's variables. */
    static final String DONE = ".holdfast.completions";

    private static final String IDS = "holdfast:ids";
    private static final List<String> WITH_ID =
            List.of("show", "events", "reconnect", "rotate", "stop", "start", "reset");

    private final Logger logger = LoggerFactory.getLogger(Completions.class);

    @Override
    public void beforeExecute(CommandSession session, CharSequence command) {
        Object completions = session.get(COMPLETIONS);
        if (completions == null || completions == session.get(DONE)) {
            return;
        }
        // First, as what is executed here is told to listeners, too.
        session.put(DONE, completions);
        try {
            for (String name : WITH_ID) {
                session.execute("gogo:complete -c holdfast:" + name + " -a " + IDS);
            }
        } catch (Exception | LinkageError e) {
            logger.debug("No completion in this session: {}", e.toString());
        }
    }

    @Override
    public void afterExecute(CommandSession session, CharSequence command, Exception exception) {
        // nothing to do
    }

    @Override
    public void afterExecute(CommandSession session, CharSequence command, Object result) {
        // nothing to do
    }
}
