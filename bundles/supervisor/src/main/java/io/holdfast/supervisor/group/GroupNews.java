// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.group;

import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells what happens in a group: to the log and to whoever listens. Confined to the group's mailbox. */
final class GroupNews {
    private final Logger logger = LoggerFactory.getLogger(Group.class);
    private final String group;
    private final Consumer<GroupEvent> listener;
    private long number;

    GroupNews(String group, Consumer<GroupEvent> listener) {
        this.group = group;
        this.listener = listener;
    }

    void started() {
        logger.info("Group {}: supervises", group);
        tell(GroupEvent.Type.STARTED, "", "");
    }

    void ended(String cause, boolean ordered) {
        if (ordered) {
            logger.info("Group {}: has ended: {}", group, cause);
        } else {
            logger.error("Group {}: has ended: {}", group, cause);
        }
        tell(GroupEvent.Type.ENDED, "", cause);
    }

    void escalated(String cause) {
        logger.error("Group {}: stops the framework: {}", group, cause);
        tell(GroupEvent.Type.ESCALATED, "", cause);
    }

    void restart(String child, String cause) {
        logger.info("Group {}: child '{}' is restarted: {}", group, child, cause);
        tell(GroupEvent.Type.RESTART, child, cause);
    }

    void givenUp(String child, String cause) {
        logger.error("Group {}: child '{}' is given up: {}", group, child, cause);
        tell(GroupEvent.Type.GIVEN_UP, child, cause);
    }

    void recovered(String child) {
        logger.info("Group {}: child '{}' has recovered", group, child);
        tell(GroupEvent.Type.RECOVERED, child, "");
    }

    void refused(String child, String cause) {
        logger.error("Group {}: child '{}' is not supervised: {}", group, child, Shown.text(cause));
        tell(GroupEvent.Type.REFUSED, child, Shown.text(cause));
    }

    /** Of a child that waits in silence from here on. */
    void waits(String child, String cause) {
        logger.warn("Group {}: a child '{}' waits: {}", group, child, cause);
    }

    void stopOverdue(String child) {
        logger.error("Group {}: child '{}' did not answer to being stopped", group, child);
        tell(GroupEvent.Type.STOP_OVERDUE, child, "");
    }

    private void tell(GroupEvent.Type type, String child, String cause) {
        listener.accept(
                new GroupEvent(group, ++number, type, child.isEmpty() ? Optional.empty() : Optional.of(child), cause));
    }
}
