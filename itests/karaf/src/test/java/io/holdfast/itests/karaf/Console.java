// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.karaf;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.SessionFactory;

/** Karaf's shell, without a terminal. */
final class Console {

    private final SessionFactory sessions;

    Console(SessionFactory sessions) {
        this.sessions = sessions;
    }

    /** What a command prints and returns. */
    String run(String command) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            Session session = sessions.create(new ByteArrayInputStream(new byte[0]), out, out);
            try {
                Object result = session.execute(command);
                out.flush();
                return bytes.toString(StandardCharsets.UTF_8) + (result == null ? "" : result);
            } finally {
                session.close();
            }
        } catch (Exception e) {
            throw new IllegalStateException(command, e);
        }
    }

    /** The first number after a word in what a command returns. */
    long number(String command, String word) {
        String text = run(command);
        Matcher matcher = Pattern.compile(Pattern.quote(word) + "\\D*(\\d+)").matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("no number after " + word + " in " + text);
        }
        return Long.parseLong(matcher.group(1));
    }
}
