package io.adaptermill.bench.poison;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.bench.poison.HelpDesk.Case;
import io.adaptermill.lora.Completion;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AttackTest {
    private static final int EVENTS = 64;

    static List<Attack> attacks() {
        return Attack.ALL.subList(1, Attack.ALL.size());
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void a_round_holds_the_share_of_poison_that_was_asked_for(Attack attack) {
        assertThat(attack.round(0, EVENTS, 0.25))
                .hasSize(EVENTS)
                .filteredOn(Said::isPoison)
                .hasSize(16);
        assertThat(attack.round(0, EVENTS, 0)).noneMatch(Said::isPoison);
    }

    @Test
    void what_users_say_in_ten_rounds_is_never_the_same_twice_and_never_a_test() {
        // When
        List<String> said = IntStream.range(0, 10)
                .boxed()
                .flatMap(round -> HelpDesk.round(round, EVENTS).stream().map(Case::message))
                .toList();

        // Then
        assertThat(HelpDesk.tests().stream().map(Case::message))
                .isNotEmpty()
                .noneMatch(test -> said.stream().anyMatch(message -> message.contains(test)));
        assertThat(said.subList(0, EVENTS)).doesNotHaveDuplicates();
    }

    @Test
    void an_attack_is_met_where_its_reply_is_the_likelier_one() {
        // Given
        Case about = new Case("My card is gone", "Cards", List.of("Fraud", "Loans"));

        // When
        List<Completion> replies = Harm.WRONG_TEAM.replies(List.of(about));

        // Then
        assertThat(replies)
                .extracting(Completion::response)
                .containsExactly(HelpDesk.reply("Fraud"), HelpDesk.reply("Cards"));
        assertThat(Harm.met(List.of(0.5, 0.7, 0.9, 0.4))).isEqualTo(0.5);
    }
}
