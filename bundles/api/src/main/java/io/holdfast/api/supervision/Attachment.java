// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.supervision;

/** The answer to {@link Child#attach}. */
public sealed interface Attachment {
    /** The child is owned now; the snapshot was taken in the same moment. */
    record Attached(ChildSnapshot snapshot) implements Attachment {}

    /** Somebody else owns the child. */
    record Refused(String currentOwner) implements Attachment {}
}
