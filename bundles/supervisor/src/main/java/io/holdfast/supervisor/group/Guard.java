// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.group;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs what calls children, which are foreign code: a fault of one must not keep the group from the others. */
final class Guard {
    private final Logger logger = LoggerFactory.getLogger(Guard.class);
    private final String group;

    Guard(String group) {
        this.group = group;
    }

    /** Whether it returned; what it threw is logged as text, for the object would pin its class loader. */
    boolean run(String what, Runnable task) {
        try {
            task.run();
            return true;
        } catch (Exception | LinkageError | StackOverflowError e) {
            logger.error("Group {}: {} failed: {}", group, what, text(e));
            return false;
        }
    }

    private static String text(Throwable t) {
        String type = t.getClass().getName();
        try {
            return type + ": " + Shown.text(String.valueOf(t.getMessage()));
        } catch (Exception | LinkageError | StackOverflowError e) {
            // Its maker may have overridden getMessage().
            return type;
        }
    }
}
