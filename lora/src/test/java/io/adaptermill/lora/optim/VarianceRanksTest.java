package io.adaptermill.lora.optim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

class VarianceRanksTest {
    @Test
    void ranks_go_to_the_largest_shares_and_their_sum_stays() {
        assertThat(ranks(new double[] {0.9, 0.05, 0.04, 0.01}, new double[] {0.4, 0.3, 0.2, 0.1}))
                .isEqualTo(Map.of("first", 1, "second", 3));
    }

    @Test
    void a_module_keeps_its_first_direction_however_little_it_explains() {
        assertThat(ranks(new double[] {0.01, 0.005, 0, 0}, new double[] {0.3, 0.25, 0.2, 0.2}))
                .isEqualTo(Map.of("first", 1, "second", 3));
    }

    @Test
    void of_equal_shares_the_earlier_modules_counts() {
        assertThat(ranks(new double[] {0.5, 0.2, 0.2}, new double[] {0.5, 0.2, 0.2}))
                .isEqualTo(Map.of("first", 3, "second", 1));
    }

    private static SequencedMap<String, Integer> ranks(double[] first, double[] second) {
        SequencedMap<String, double[]> shares = new LinkedHashMap<>();
        shares.put("first", first);
        shares.put("second", second);
        SequencedMap<String, Integer> before = new LinkedHashMap<>();
        before.put("first", 2);
        before.put("second", 2);
        return VarianceRanks.of(shares, before);
    }
}
