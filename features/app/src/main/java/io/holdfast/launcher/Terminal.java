// SPDX-License-Identifier: Apache-2.0
package io.holdfast.launcher;

import java.io.Console;
import java.lang.reflect.InvocationTargetException;

/** Tells whether a person sits at both ends of the process. */
final class Terminal {

    private Terminal() {}

    static boolean present() {
        Console console = System.console();
        // From Java 22 on there may be a console although input or output are redirected; only that version can be
        // asked.
        return console != null && (Runtime.version().feature() < 22 || isTerminal(console));
    }

    private static boolean isTerminal(Console console) {
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("java.io.Console.isTerminal", e);
        }
    }
}
