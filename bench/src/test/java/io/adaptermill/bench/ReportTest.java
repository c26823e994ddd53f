package io.adaptermill.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ReportTest {
    @Test
    void programs_are_compared_by_their_medians_with_the_first() throws IOException {
        // Given
        Report report = new Report(2, 1);
        for (double millis : new double[] {100, 300, 200}) {
            report.add("step", "ours", new Contender.Sample(millis, millis, 0));
            report.add("step", "peer", new Contender.Sample(2.5 * millis, millis, 0.1));
        }

        // When
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        report.print(new PrintStream(printed, true, StandardCharsets.UTF_8));

        // Then
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("| ours | 200 | 100 | 200 | 0.00 | 1.00 |")
                .contains("| peer | 500 | 250 | 200 | 0.10 | 2.50 |");
    }

    @Test
    void an_even_number_of_samples_has_the_mean_of_the_middle_two() {
        assertThat(Report.median(4, 1, 3, 2)).isEqualTo(2.5);
    }
}
