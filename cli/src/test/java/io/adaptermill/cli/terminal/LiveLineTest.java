package io.adaptermill.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LiveLineTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Test
    void without_a_terminal_quick_changes_are_one_line_and_the_end_is_said() {
        // Given
        LiveLine line = new LiveLine(terminal(false));

        // When
        line.update("step 1");
        line.update("step 2");
        line.finish("step 9");

        // Then
        assertThat(said()).isEqualTo("step 1\nstep 9\n");
    }

    @Test
    void on_a_terminal_the_line_is_rewritten_in_place() {
        // Given
        LiveLine line = new LiveLine(terminal(true));

        // When
        line.update("step 1");
        line.finish("step 9");

        // Then
        assertThat(said()).isEqualTo("\r\u001b[Kstep 1\r\u001b[Kstep 9\n");
    }

    @Test
    void a_bar_is_filled_in_proportion_and_never_overflows() {
        // When / Then
        assertThat(Bar.of(1, 4, 8)).isEqualTo("██░░░░░░");
        assertThat(Bar.of(9, 4, 8)).isEqualTo("████████");
        assertThat(Bar.of(0, 0, 2)).isEqualTo("██");
    }

    @Test
    void a_table_lines_up_its_columns() {
        // When / Then
        assertThat(new Table("NAME", "N").row("acme", "1").row("a", "20").lines())
                .containsExactly("NAME  N", "acme  1", "a     20");
    }

    private Terminal terminal(boolean interactive) {
        PrintStream print = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        return new Terminal(print, print, interactive, false);
    }

    private String said() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
