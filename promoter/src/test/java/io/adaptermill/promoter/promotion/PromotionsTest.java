package io.adaptermill.promoter.promotion;

import static io.adaptermill.promoter.Evaluations.REASON;
import static io.adaptermill.promoter.Evaluations.evaluated;
import static io.adaptermill.promoter.Evaluations.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.promoter.promotion.Decision.AlreadyDecided;
import io.adaptermill.promoter.promotion.Decision.Hold;
import io.adaptermill.promoter.promotion.Decision.Promote;
import io.adaptermill.promoter.promotion.Decision.Refuse;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.Verdict;
import io.adaptermill.schemas.id.VersionId;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PromotionsTest {
    private static final Optional<AdapterRef> BASE_MODEL = Optional.empty();
    private static final Optional<AdapterRef> V1 = Optional.of(version(1));
    private static final Optional<AdapterRef> V2 = Optional.of(version(2));
    private static final Optional<AdapterRef> V9 = Optional.of(version(9));

    /// What serves × what the candidate (version 3) was compared with × the verdict.
    static Stream<Arguments> every_state_and_every_verdict() {
        return Stream.of(
                Arguments.of(BASE_MODEL, BASE_MODEL, Verdict.APPROVED, new Promote(REASON)),
                Arguments.of(BASE_MODEL, BASE_MODEL, Verdict.NEEDS_MORE_EVIDENCE, new Hold(REASON)),
                Arguments.of(BASE_MODEL, BASE_MODEL, Verdict.REJECTED, new Refuse(REASON)),
                Arguments.of(V1, V1, Verdict.APPROVED, new Promote(REASON)),
                Arguments.of(V1, V1, Verdict.NEEDS_MORE_EVIDENCE, new Hold(REASON)),
                Arguments.of(V1, V1, Verdict.REJECTED, new Refuse(REASON)),
                Arguments.of(V2, V1, Verdict.APPROVED, stale("acme@1", "acme@2")),
                Arguments.of(V2, V1, Verdict.NEEDS_MORE_EVIDENCE, stale("acme@1", "acme@2")),
                Arguments.of(V2, V1, Verdict.REJECTED, new Refuse(REASON)),
                Arguments.of(V1, BASE_MODEL, Verdict.APPROVED, stale("the base model", "acme@1")),
                Arguments.of(V1, BASE_MODEL, Verdict.NEEDS_MORE_EVIDENCE, stale("the base model", "acme@1")),
                Arguments.of(V1, BASE_MODEL, Verdict.REJECTED, new Refuse(REASON)),
                Arguments.of(BASE_MODEL, V1, Verdict.APPROVED, stale("acme@1", "the base model")),
                Arguments.of(BASE_MODEL, V1, Verdict.NEEDS_MORE_EVIDENCE, stale("acme@1", "the base model")),
                Arguments.of(BASE_MODEL, V1, Verdict.REJECTED, new Refuse(REASON)),
                Arguments.of(V9, V9, Verdict.APPROVED, overtaken()),
                Arguments.of(V9, V9, Verdict.NEEDS_MORE_EVIDENCE, overtaken()),
                Arguments.of(V9, V9, Verdict.REJECTED, new Refuse(REASON)));
    }

    @ParameterizedTest
    @MethodSource
    void every_state_and_every_verdict(
            Optional<AdapterRef> serves, Optional<AdapterRef> comparedWith, Verdict verdict, Decision expected) {
        // Given
        PromotionState state = new PromotionState(serves, List.of(), 0, Optional.empty());

        // When
        Decision decision = Promotions.decide(state, evaluated(version(3), comparedWith, verdict), true, false);

        // Then
        assertThat(decision).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(Verdict.class)
    void a_candidate_is_decided_once(Verdict second) {
        // Given
        PromotionState state = PromotionState.NEW.after(version(3), new Refuse(REASON));

        // When
        Decision decision = Promotions.decide(state, evaluated(version(3), BASE_MODEL, second), true, false);

        // Then
        assertThat(decision).isEqualTo(new AlreadyDecided(version(3).version()));
    }

    @Test
    void the_same_version_of_other_bytes_serves_another_champion() {
        // Given
        AdapterRef otherBytes = new AdapterRef(version(1).version(), version(2).artifact());
        PromotionState state = new PromotionState(V1, List.of(), 0, Optional.empty());

        // When
        Decision decision =
                Promotions.decide(state, evaluated(version(3), Optional.of(otherBytes), Verdict.APPROVED), true, false);

        // Then
        assertThat(decision).isInstanceOf(Refuse.class);
    }

    @Test
    void promotion_moves_the_champion_and_nothing_else_does() {
        // Given
        PromotionState state = PromotionState.NEW;

        // When
        PromotionState after = state.after(version(1), new Promote(REASON))
                .after(version(2), new Hold(REASON))
                .after(version(3), new Refuse(REASON))
                .after(version(3), new AlreadyDecided(version(3).version()));

        // Then
        assertThat(after).isEqualTo(new PromotionState(V1, List.of(1L, 2L, 3L), 0, Optional.empty()));
    }

    @Test
    void what_is_too_old_to_remember_counts_as_decided() {
        // Given
        PromotionState state = PromotionState.NEW;

        // When
        PromotionState after = LongStream.rangeClosed(2, PromotionState.REMEMBERED + 4)
                .boxed()
                .reduce(state, (now, n) -> now.after(version(n), new Refuse(REASON)), (_, last) -> last);

        // Then
        assertThat(after.decided()).hasSize(PromotionState.REMEMBERED).doesNotContain(2L, 3L, 4L);
        assertThat(Stream.of(1, 4, 5, PromotionState.REMEMBERED + 4)
                        .map(n -> new VersionId(version(1).version().tenant(), n)))
                .allMatch(after::hasDecided);
        assertThat(after.hasDecided(new VersionId(version(1).version().tenant(), PromotionState.REMEMBERED + 5)))
                .isFalse();
    }

    private static Refuse stale(String comparedWith, String serves) {
        return new Refuse(
                "stale evidence: acme@3 was compared with " + comparedWith + ", but " + serves + " serves by now");
    }

    private static Refuse overtaken() {
        return new Refuse("overtaken: acme@3 is older than acme@9, which serves by now");
    }
}
