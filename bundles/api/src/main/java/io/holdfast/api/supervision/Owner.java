// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.supervision;

/**
 * Who owns a child; compared by identity, so a supervisor that came back is another owner.
 */
public final class Owner {
    private final String name;

    public Owner(String name) {
        this.name = name;
    }

    /** For messages: the group's name. */
    public String name() {
        return name;
    }

    @Override
    public String toString() {
        return name;
    }
}
