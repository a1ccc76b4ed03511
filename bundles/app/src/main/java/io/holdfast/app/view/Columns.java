// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.view;

import java.util.ArrayList;
import java.util.List;

/** Text in columns. Pure. */
public final class Columns {

    private static final String BETWEEN = "  ";

    private Columns() {}

    /**
     * One line for each row, every cell as wide as the widest of its column; the last column is not filled up.
     *
     * @param rows of the same number of cells
     */
    public static List<String> aligned(List<List<String>> rows) {
        if (rows.isEmpty()) {
            return List.of();
        }
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                line.append(row.get(i));
                if (i < columns - 1) {
                    line.append(" ".repeat(widths[i] - row.get(i).length())).append(BETWEEN);
                }
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }
}
