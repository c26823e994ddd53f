package io.adaptermill.lora.optim;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.schemas.policy.Ranks;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RankFallTest {
    @Test
    void a_rank_falls_by_the_same_factor_at_even_intervals_and_then_stays() {
        assertThat(ranks(new Ranks.Fall(4, 2, 0.5), 16, 12)).containsExactly(16, 16, 16, 8, 8, 8, 4, 4, 4, 4, 4, 4, 4);
    }

    @Test
    void a_run_of_one_step_makes_every_cut_after_it() {
        assertThat(ranks(new Ranks.Fall(2, 3, 1), 16, 1)).containsExactly(16, 2);
    }

    @Test
    void a_rank_that_is_not_above_the_target_stays() {
        assertThat(ranks(new Ranks.Fall(4, 2, 0), 3, 4)).containsOnly(3);
    }

    private static int[] ranks(Ranks.Fall policy, int from, int steps) {
        RankFall fall = new RankFall(policy, steps);
        return IntStream.rangeClosed(0, steps)
                .map(step -> fall.after(from, step))
                .toArray();
    }
}
