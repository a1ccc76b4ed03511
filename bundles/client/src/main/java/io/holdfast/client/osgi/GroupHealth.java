package io.holdfast.client.osgi;

import java.util.Collection;

/**
 * A group is healthy when at least one of its clients is up and none is down that ought to be up. Clients that were stopped,
 * given up or refused are not waited for; a group in which nothing is up is not healthy, whatever the reasons. Pure.
 */
final class GroupHealth {
  /**
   * @param up ready, or not longer than {@code up.linger} ago
   * @param expected whether it ought to be up
   */
  record Member(boolean up, boolean expected) {}

  private GroupHealth() {}

  static boolean healthy(Collection<Member> members) {
    return members.stream().anyMatch(Member::up) && members.stream().allMatch(m -> m.up() || !m.expected());
  }
}
