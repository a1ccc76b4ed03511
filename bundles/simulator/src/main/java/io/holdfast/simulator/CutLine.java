// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator;

import com.google.gson.stream.JsonReader;
import java.io.IOException;
import java.io.Reader;

/** Tells the beginning of a JSON text from a damaged one. */
final class CutLine {
    private CutLine() {}

    /** Whether there is nothing wrong with the text but that it ends too early. */
    static boolean is(String text) {
        Characters characters = new Characters(text);
        try {
            new JsonReader(characters).skipValue();
            return false;
        } catch (IOException e) {
            return characters.ended;
        }
    }

    /** One at a time, so that the end is asked for only by who found nothing wrong before it. */
    private static final class Characters extends Reader {
        private final String text;
        private int next;
        private boolean ended;

        private Characters(String text) {
            this.text = text;
        }

        @Override
        public int read(char[] to, int from, int length) {
            if (next == text.length()) {
                ended = true;
                return -1;
            }
            to[from] = text.charAt(next++);
            return 1;
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
