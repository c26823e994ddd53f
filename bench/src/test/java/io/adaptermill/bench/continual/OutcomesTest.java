package io.adaptermill.bench.continual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaptermill.schemas.policy.Continual;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutcomesTest {
    private static final Retention HALF = new Retention(new double[][] {{1}, {0.5, 1}, {0, 0.5, 1}});

    @Test
    void a_run_that_was_cut_short_finds_what_it_had_measured(@TempDir Path folder) throws IOException {
        // Given
        Outcome measured = Outcome.of("`none`", 11, HALF, 96);
        new Outcomes(folder.resolve("made/on/demand.tsv")).add(measured);

        // When
        Outcomes later = new Outcomes(folder.resolve("made/on/demand.tsv"));

        // Then
        assertThat(later.find("`none`", 11)).contains(measured);
        assertThat(later.find("`none`", 12)).isEmpty();
        assertThat(later.find("`kl`, weight 1", 11)).isEmpty();
    }

    @Test
    void a_row_has_means_over_the_seeds_with_their_lowest_and_highest() {
        // Given
        Outcome one = new Outcome("`ewc`, strength 1000000", 11, 0.5, 0.9, -0.4, 0.4, 100);
        Outcome other = new Outcome("`ewc`, strength 1000000", 12, 0.7, 0.8, -0.2, 0.2, 140);

        // Then
        assertThat(Outcomes.row(List.of(one, other)))
                .isEqualTo("| `ewc`, strength 1000000 | 0.60 (0.50 to 0.70) | 0.85 (0.80 to 0.90)"
                        + " | -0.30 (-0.40 to -0.20) | 0.30 (0.20 to 0.40) | 120 |");
        assertThat(Outcomes.row(List.of(Outcome.of("`none`", 11, HALF, 96))))
                .isEqualTo("| `none` | 0.50 | 1.00 | -0.75 | 0.75 | 96 |");
    }

    @Test
    void a_kind_is_read_by_its_name_with_or_without_a_number() {
        assertThat(Tried.of("ewc=1e5")).isEqualTo(new Continual.Ewc(1e5));
        assertThat(Tried.label(Tried.of("ewc=1e5"))).isEqualTo("`ewc`, strength 100000");
        assertThat(Tried.ALL).contains(Tried.of("replay"), Tried.of("none"));
        assertThatThrownBy(() -> Tried.of("magic")).hasMessageContaining("magic");
    }
}
