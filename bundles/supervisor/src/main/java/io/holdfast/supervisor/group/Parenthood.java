// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.group;

import io.holdfast.api.supervision.ChildSpec;
import java.time.Duration;

/**
 * What a group is to its parent group.
 *
 * @param parent the parent's name
 * @param patience how long it waits for its parent before it starts itself
 * @param spec the group as a child
 */
public record Parenthood(String parent, Duration patience, ChildSpec spec) {}
