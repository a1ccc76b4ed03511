// SPDX-License-Identifier: Apache-2.0
package io.holdfast.launcher;

/** The command line, or a file it names, cannot be used as it is. The message is for the user and names the option. */
final class UsageException extends Exception {

    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
