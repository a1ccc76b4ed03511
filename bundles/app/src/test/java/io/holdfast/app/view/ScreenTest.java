// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScreenTest {

    private static List<List<String>> rows(int clients) {
        return Collections.nCopies(
                clients, List.of("deribit", "READY", "1", "0/10", "40", "12ms", "deribit", "1.0s", "-", "-"));
    }

    @Test
    void the_first_drawing_clears_and_leaves_the_rest_of_the_screen_to_the_prompt() {
        Screen.Drawing drawing = Screen.EMPTY.draw(rows(2));

        assertThat(drawing.after().height()).isEqualTo(4);
        // Heading, two clients, a line between; the scroll region begins in line 5 and the cursor stands there.
        assertThat(drawing.text())
                .startsWith("\u001b[2J\u001b[5r\u001b[5;1H")
                .contains("client", "last cause", "deribit");
    }

    @Test
    void later_drawings_touch_only_the_table_and_put_the_cursor_back() {
        String text = Screen.EMPTY.draw(rows(2)).after().draw(rows(2)).text();

        assertThat(text)
                .startsWith("\u001b7")
                .endsWith("\u001b8")
                .doesNotContain("[2J")
                .doesNotContain("r\u001b[5;1H");
    }

    @Test
    void more_clients_push_the_prompt_down() {
        Screen.Drawing drawing = Screen.EMPTY.draw(rows(2)).after().draw(rows(4));

        assertThat(drawing.after().height()).isEqualTo(6);
        assertThat(drawing.text()).contains("\u001b[2L").contains("\u001b[7r").contains("\u001b[2B");
    }

    @Test
    void fewer_clients_leave_blank_lines() {
        Screen screen = Screen.EMPTY.draw(rows(4)).after();

        assertThat(screen.draw(rows(1)).after()).isEqualTo(screen);
    }

    @Test
    void more_clients_than_fit_are_counted() {
        assertThat(Screen.EMPTY.draw(rows(Screen.MOST_ROWS + 3)).text()).contains("and 3 more");
    }

    @Test
    void at_the_end_the_whole_screen_scrolls_again() {
        assertThat(Screen.EMPTY.draw(rows(1)).after().release()).isEqualTo("\u001b7\u001b[r\u001b8");
        assertThat(Screen.EMPTY.release()).isEmpty();
    }

    @Test
    void columns_are_as_wide_as_their_widest_cell() {
        assertThat(Columns.aligned(List.of(List.of("a", "bb", "c"), List.of("aaa", "b", "cc"))))
                .containsExactly("a    bb  c", "aaa  b   cc");
        assertThat(Columns.aligned(List.of())).isEmpty();
    }

    @Test
    void text_of_others_cannot_move_the_cursor() {
        assertThat(Row.plain("a\u001b[2Jb\n\u009b")).isEqualTo("a?[2Jb??");
        assertThat(Row.plain("x".repeat(500))).hasSize(120).endsWith("…");
    }
}
