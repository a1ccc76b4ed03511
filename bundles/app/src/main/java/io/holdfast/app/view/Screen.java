// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.view;

import java.util.ArrayList;
import java.util.List;

/**
 * What is at the top of the terminal, and the control sequences (ECMA-48, DEC private) that bring it there. Pure.
 *
 * @param height lines reserved at the top; 0 before the first drawing
 */
record Screen(int height) {

    /** Nothing drawn yet. */
    static final Screen EMPTY = new Screen(0);

    /** More clients are counted, not shown: the prompt needs room, and {@code holdfast:list} shows all. */
    static final int MOST_ROWS = 12;
    /** So that the table does not jump when the configured clients appear one after another. */
    private static final int LEAST_ROWS = 2;

    private static final String ESC = "\u001b";
    private static final String SAVE = ESC + "7";
    private static final String RESTORE = ESC + "8";
    private static final String CLEAR = ESC + "[2J";
    private static final String HOME = ESC + "[H";
    private static final String CLEAR_LINE = ESC + "[2K";
    private static final String NO_WRAP = ESC + "[?7l";
    private static final String WRAP = ESC + "[?7h";
    private static final String INVERSE = ESC + "[7m";
    private static final String NORMAL = ESC + "[0m";
    private static final String WHOLE_SCREEN = ESC + "[r";

    /**
     * @param text to be written in one piece
     * @param after the screen then
     */
    record Drawing(String text, Screen after) {}

    /** @param rows cells of each client, as many as there are headings */
    Drawing draw(List<List<String>> rows) {
        List<String> lines = lines(rows);
        Screen after = new Screen(Math.max(height, lines.size()));
        StringBuilder text = new StringBuilder();
        if (height == 0) {
            text.append(CLEAR).append(region(after.height)).append(at(after.height + 1));
        } else if (after.height > height) {
            // The region's first lines become part of the table: what stands there moves down, the cursor with it.
            int more = after.height - height;
            text.append(SAVE)
                    .append(at(height + 1))
                    .append(ESC)
                    .append('[')
                    .append(more)
                    .append('L')
                    .append(region(after.height))
                    .append(RESTORE)
                    .append(ESC)
                    .append('[')
                    .append(more)
                    .append('B');
        }
        text.append(SAVE).append(NO_WRAP).append(HOME);
        for (int i = 0; i < after.height; i++) {
            text.append(at(i + 1)).append(CLEAR_LINE);
            if (i < lines.size()) {
                text.append(i == 0 ? INVERSE + lines.get(i) + NORMAL : lines.get(i));
            }
        }
        text.append(WRAP).append(RESTORE);
        return new Drawing(text.toString(), after);
    }

    /** Gives the whole terminal back; what stands there stays. */
    String release() {
        return height == 0 ? "" : SAVE + WHOLE_SCREEN + RESTORE;
    }

    private static String region(int height) {
        return ESC + "[" + (height + 1) + "r";
    }

    private static String at(int line) {
        return ESC + "[" + line + ";1H";
    }

    private static List<String> lines(List<List<String>> rows) {
        List<List<String>> shown = new ArrayList<>();
        shown.add(Row.HEADINGS);
        shown.addAll(rows.subList(0, Math.min(rows.size(), MOST_ROWS)));
        List<String> lines = new ArrayList<>(Columns.aligned(shown));
        while (lines.size() < 1 + LEAST_ROWS) {
            lines.add("");
        }
        lines.add(rows.size() > MOST_ROWS ? "and " + (rows.size() - MOST_ROWS) + " more, see holdfast:list" : "");
        return lines;
    }
}
