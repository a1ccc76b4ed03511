// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.client.lanes.Environment;
import java.util.concurrent.RejectedExecutionException;

/** Completes stages where foreign code that depends on them delays nobody. For any thread. */
final class Publishing {
    private Publishing() {}

    /** @param completion runs on a publishing thread, or here when these have ended: somebody may wait for it */
    static void complete(Environment environment, Runnable completion) {
        try {
            environment.publishing().execute(completion);
        } catch (RejectedExecutionException e) {
            completion.run();
        }
    }
}
