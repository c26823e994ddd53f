package io.adaptermill.promoter.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.gates.live.Ratings;
import io.adaptermill.promoter.Evaluations;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.VersionId;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServingLineTest {
    private static final AdapterRef FIRST = Evaluations.version(1);
    private static final AdapterRef SECOND = Evaluations.version(2);
    private static final Digest BASE = Digest.of(new byte[] {1});

    @Test
    void ratings_count_for_the_version_that_answered_whatever_serves_by_now() {
        // When
        ServingLine line = line().rated(Optional.of(FIRST.version()), false).rated(Optional.empty(), true);

        // Then
        assertThat(line.links())
                .extracting(Link::ratings)
                .containsExactly(new Ratings(1, 0), new Ratings(0, 1), Ratings.NONE);
    }

    @Test
    void a_version_that_is_rated_worse_than_the_one_before_it_has_to_go() {
        // Given
        ServingLine line = rated(rated(line(), FIRST, 30, 5), SECOND, 2, 14);

        // When
        Optional<String> regression = line.regression();

        // Then
        assertThat(regression.orElseThrow())
                .startsWith("acme@2 is rated worse than acme@1: 2 of 16 good, 30 of 35 good before; evidence ")
                .endsWith(" of 20.0");
        assertThat(line.rolledBack().serving().adapter()).contains(FIRST);
    }

    @Test
    void equal_or_few_or_foreign_ratings_change_nothing() {
        // When / Then
        assertThat(rated(rated(line(), FIRST, 30, 5), SECOND, 14, 2).regression())
                .isEmpty();
        assertThat(rated(rated(line(), FIRST, 30, 5), SECOND, 0, 2).regression())
                .isEmpty();
        assertThat(rated(line(), SECOND, 0, 40).regression()).isEmpty();
        assertThat(line().rated(Optional.of(VersionId.parse("acme@9")), false)).isEqualTo(line());
        assertThat(ServingLine.NEW.rated(Optional.empty(), false).regression()).isEmpty();
    }

    @Test
    void the_line_goes_back_to_the_base_model_and_no_further_than_it_remembers() {
        // Given
        ServingLine longLine = ServingLine.NEW;
        for (int number = 1; number <= 40; number++) {
            longLine = longLine.promoted(Evaluations.version(number), BASE, 0.05);
        }

        // When / Then
        assertThat(line().rolledBack().rolledBack()).isEqualTo(ServingLine.NEW);
        assertThat(longLine.links()).hasSize(ServingLine.LINKS_MAX);
        assertThat(longLine.serving().adapter()).contains(Evaluations.version(40));
    }

    @Test
    void it_survives_its_changelog() {
        // Given
        ServingLine line = rated(line(), FIRST, 2, 1);

        // When / Then
        assertThat(EventJson.read(EventJson.write(line), ServingLine.class)).isEqualTo(line);
    }

    private static ServingLine line() {
        return ServingLine.NEW.promoted(FIRST, BASE, 0.05).promoted(SECOND, BASE, 0.05);
    }

    private static ServingLine rated(ServingLine line, AdapterRef version, int good, int bad) {
        ServingLine rated = line;
        for (int i = 0; i < good; i++) rated = rated.rated(Optional.of(version.version()), true);
        for (int i = 0; i < bad; i++) rated = rated.rated(Optional.of(version.version()), false);
        return rated;
    }
}
