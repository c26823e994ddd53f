package io.adaptermill.promoter.live;

import static io.adaptermill.promoter.Evaluations.BASE;
import static io.adaptermill.promoter.Evaluations.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.gates.live.Ratings;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.schemas.policy.Rollout;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrialTest {
    private static final Rollout.Canary PLAN = new Rollout.Canary(0.1, 30, 0.1, 500);

    /// Half of α decides, so evidence of 40 is needed.
    @ParameterizedTest
    @CsvSource({
        "0, 0, 0, 0, Open",
        "90, 10, 29, 0, Open",
        "90, 10, 1, 8, Worse",
        "1000, 100, 80, 2, Proven",
        "16, 4, 17, 3, Open",
        "400, 100, 380, 119, Open",
        "400, 100, 380, 120, Exhausted"
    })
    void ratings_of_both_decide(long goodOfChampion, long badOfChampion, long good, long bad, String standing) {
        // Given
        Trial trial = trial(new Ratings(goodOfChampion, badOfChampion), new Ratings(good, bad));

        // When / Then
        assertThat(trial.standing().getClass().getSimpleName()).isEqualTo(standing);
    }

    @Test
    void a_rating_counts_for_the_version_that_wrote_the_answer() {
        // Given
        Trial trial = trial(Ratings.NONE, Ratings.NONE);

        // When
        Trial rated = trial.rated(name(version(1)), true)
                .rated(name(version(2)), false)
                .rated(name(version(7)), false)
                .rated(Optional.empty(), false);

        // Then
        assertThat(rated.ofChampion()).isEqualTo(new Ratings(1, 0));
        assertThat(rated.ofCandidate()).isEqualTo(new Ratings(0, 1));
    }

    @Test
    void a_promoted_candidate_keeps_its_ratings_and_the_other_half_of_the_chance() {
        // Given
        Ratings ratings = new Ratings(80, 2);

        // When
        Link serving = ServingLine.NEW
                .promoted(version(1), BASE, 0.05)
                .promoted(trial(new Ratings(1000, 100), ratings))
                .serving();

        // Then
        assertThat(serving).isEqualTo(new Link(Optional.of(version(2)), Optional.of(BASE), 0.025, ratings));
    }

    private static Trial trial(Ratings ofChampion, Ratings ofCandidate) {
        return new Trial(version(2), BASE, name(version(1)), PLAN, 0.025, ofChampion, ofCandidate);
    }

    private static Optional<VersionId> name(AdapterRef version) {
        return Optional.of(version.version());
    }
}
