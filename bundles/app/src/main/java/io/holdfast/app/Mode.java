// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app;

import java.util.List;
import java.util.function.ToIntFunction;

/**
 * What the runnable jar does once its container is up: hold connections, play the demonstration, replay recordings.
 *
 * <p>A mode is a DS component published as {@code ToIntFunction} with the service property {@link #PROPERTY}. The service type is the
 * JDK's because the launcher, outside the framework, calls it and shares no class with any bundle. Exactly one mode is called, once, in
 * the launcher's main thread, with its own arguments (already checked by the launcher) and answers the exit code of the process.
 *
 * <p>{@link #applyAsInt} returns when its work is done, or soon after the component is deactivated: that is how a mode learns that the
 * framework stops (Ctrl-C, SIGTERM, {@code shutdown} at the prompt). After it has returned the launcher stops the framework.
 */
public interface Mode extends ToIntFunction<List<String>> {

    /**
     * Service property that names the mode: {@code run}, {@code demo} or {@code replay}. The framework property of the same name tells
     * which one this process was started for.
     */
    String PROPERTY = "holdfast.mode";

    /** Framework property, {@code true} if the process has a terminal and shows a prompt there. */
    String CONSOLE = "holdfast.console";

    /**
     * @param arguments what followed the mode's option on the command line; empty for {@code run}
     * @return the exit code of the process; 0 for success
     */
    @Override
    int applyAsInt(List<String> arguments);
}
