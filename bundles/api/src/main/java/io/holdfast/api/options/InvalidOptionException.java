// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.options;

/**
 * An option that cannot be accepted. The message names the option and the reason, never the value of an option that
 * looks like a secret.
 */
public final class InvalidOptionException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String option;

    public InvalidOptionException(String option, String reason) {
        super("Option '" + option + "': " + reason);
        this.option = option;
    }

    /** The name of the offending option. */
    public String option() {
        return option;
    }
}
