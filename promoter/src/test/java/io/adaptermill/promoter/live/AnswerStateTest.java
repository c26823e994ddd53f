package io.adaptermill.promoter.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.promoter.live.AnswerState.Vote;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.id.InferenceId;
import io.adaptermill.schemas.id.VersionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AnswerStateTest {
    private static final InferenceId ANSWER = new InferenceId("inf-1");
    private static final Optional<VersionId> SEVENTH = Optional.of(VersionId.parse("acme@7"));
    private static final Signal ANSWERED = new Signal.Answered(ANSWER, SEVENTH);
    private static final Signal GOOD = new Signal.Rated(ANSWER, true);
    private static final Signal BAD = new Signal.Rated(ANSWER, false);

    @Test
    void a_rating_counts_for_the_version_that_answered_whichever_comes_first() {
        // When / Then
        assertThat(votes(ANSWERED, BAD)).containsExactly(new Vote(SEVENTH, false));
        assertThat(votes(BAD, ANSWERED)).containsExactly(new Vote(SEVENTH, false));
    }

    @Test
    void the_first_rating_of_an_answer_counts_and_counts_once() {
        // When / Then
        assertThat(votes(ANSWERED, GOOD, BAD, BAD, ANSWERED, BAD)).containsExactly(new Vote(SEVENTH, true));
        assertThat(votes(GOOD, BAD, ANSWERED, ANSWERED)).containsExactly(new Vote(SEVENTH, true));
    }

    @Test
    void an_answer_that_nobody_rates_and_a_rating_of_nothing_count_for_nothing() {
        // When / Then
        assertThat(votes(ANSWERED, ANSWERED)).isEmpty();
        assertThat(votes(BAD, BAD)).isEmpty();
    }

    @Test
    void states_and_signals_survive_their_topics() {
        // Given
        List<AnswerState> states = List.of(
                new AnswerState.Written(SEVENTH),
                new AnswerState.Written(Optional.empty()),
                new AnswerState.Judged(true),
                new AnswerState.Counted());

        // When / Then
        assertThat(states)
                .allSatisfy(state -> assertThat(EventJson.read(EventJson.write(state), AnswerState.class))
                        .isEqualTo(state));
        assertThat(List.of(ANSWERED, GOOD))
                .allSatisfy(signal -> assertThat(EventJson.read(EventJson.write(signal), Signal.class))
                        .isEqualTo(signal));
    }

    private static List<Vote> votes(Signal... signals) {
        List<Vote> votes = new ArrayList<>();
        Optional<AnswerState> state = Optional.empty();
        for (Signal signal : signals) {
            AnswerState.Next next = AnswerState.after(state, signal);
            next.vote().ifPresent(votes::add);
            state = Optional.of(next.state());
        }
        return votes;
    }
}
