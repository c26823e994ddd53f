package io.adaptermill.lora.optim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

class RankBudgetTest {
    @Test
    void ranks_follow_importance_and_add_up_to_the_budget() {
        // When: one each, then 8 shared as 4 : 3 : 1
        SequencedMap<String, Integer> ranks = RankBudget.ranks(of(4.0, 3.0, 1.0), of(99, 99, 99), 11);

        // Then
        assertThat(ranks.values()).containsExactly(5, 4, 2);
    }

    @Test
    void what_does_not_divide_goes_to_the_largest_remainders_and_of_equals_to_the_first() {
        assertThat(RankBudget.ranks(of(1.0, 1.0, 1.0), of(99, 99, 99), 8).values())
                .containsExactly(3, 3, 2);
        assertThat(RankBudget.ranks(of(0.0, 0.0, 0.0), of(99, 99, 99), 7).values())
                .containsExactly(3, 2, 2);
    }

    @Test
    void what_a_module_has_no_room_for_goes_to_the_others() {
        assertThat(RankBudget.ranks(of(100.0, 1.0, 1.0), of(4, 99, 99), 10).values())
                .containsExactly(4, 3, 3);
        assertThat(RankBudget.ranks(of(5.0, 1.0, 1.0), of(4, 3, 2), 9).values()).containsExactly(4, 3, 2);
    }

    @Test
    void every_budget_is_met_exactly() {
        SequencedMap<String, Double> importance = of(0.1, 7.0, 2.5, 2.5, 0.0, 31.0);
        SequencedMap<String, Integer> limits = of(8, 8, 16, 3, 5, 12);
        for (int budget = 6; budget <= 52; budget++) {
            assertThat(RankBudget.ranks(importance, limits, budget).values().stream()
                            .mapToInt(Integer::intValue)
                            .sum())
                    .isEqualTo(budget);
        }
    }

    @Test
    void a_budget_that_cannot_be_met_is_refused_with_the_limits() {
        assertThat(RankBudget.refusal(of(4, 4), 1))
                .hasValueSatisfying(why -> assertThat(why).contains("[2, 8]"));
        assertThat(RankBudget.refusal(of(4, 4), 9)).isPresent();
        assertThat(RankBudget.refusal(of(4, 4), 8)).isEmpty();
    }

    @SafeVarargs
    private static <T> SequencedMap<String, T> of(T... values) {
        SequencedMap<String, T> map = new LinkedHashMap<>();
        for (T value : values) map.put("m" + map.size(), value);
        return map;
    }
}
