// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.group;

/** What is around a group beyond its threads. */
public interface GroupWorld {
    /** Called in the mailbox, in order; only posts. */
    void happened(GroupEvent event);

    /** A budget was exceeded and the group has ended: ends the whole process in an orderly way. Only posts. */
    void stopFramework(String group, String cause);

    /** Whose restarts. */
    enum Whose {
        /** Of all children, those included that have left. */
        CHILDREN,
        /** Of the group itself, by its parent. */
        GROUP
    }

    /** Counted restarts that an earlier supervisor of the same group left behind: {@code System.nanoTime()}, oldest first. */
    long[] recall(Whose whose);

    /** Keeps counted restarts for a later supervisor of the same group. */
    void keep(Whose whose, long[] restarts);

    /** Nobody listens and nothing is kept. */
    GroupWorld NONE = new GroupWorld() {
        @Override
        public void happened(GroupEvent event) {}

        @Override
        public void stopFramework(String group, String cause) {}

        @Override
        public long[] recall(Whose whose) {
            return new long[0];
        }

        @Override
        public void keep(Whose whose, long[] restarts) {}
    };
}
