package io.adaptermill.lora.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SamplerTest {
    private static final float[] LOGITS = {0f, 2f, 1f, 2f, -3f};

    @Test
    void temperature_zero_takes_the_first_of_the_likeliest() {
        assertThat(choose(Sampling.GREEDY, 0)).isEqualTo(1);
    }

    @Test
    void the_same_seed_and_place_choose_the_same_token() {
        // Given
        Sampling sampling = new Sampling(1, 1, 42);

        // When
        int[] first = choices(sampling, 50);

        // Then
        assertThat(choices(sampling, 50)).containsExactly(first);
        assertThat(choices(new Sampling(1, 1, 43), 50)).isNotEqualTo(first);
    }

    @Test
    void tokens_come_as_often_as_the_softmax_of_their_logits_says() {
        // Given
        int draws = 20_000;
        int[] counts = new int[LOGITS.length];

        // When
        for (int choice : choices(new Sampling(1, 1, 7), draws)) counts[choice]++;

        // Then: four standard deviations at p = 0.4 are 0.014
        double sum = 0;
        for (float logit : LOGITS) sum += Math.exp(logit);
        for (int token = 0; token < LOGITS.length; token++) {
            assertThat(counts[token] / (double) draws).isCloseTo(Math.exp(LOGITS[token]) / sum, within(0.014));
        }
    }

    @Test
    void a_nucleus_holds_only_the_likeliest_tokens_that_reach_its_share() {
        // Given: tokens 1 and 3 have 0.41 each, token 2 has 0.15
        Sampling half = new Sampling(1, 0.5, 7);
        Sampling most = new Sampling(1, 0.9, 7);

        // When, Then
        assertThat(choices(half, 500)).containsOnly(1, 3);
        assertThat(choices(most, 500)).containsOnly(1, 2, 3);
        assertThat(choices(new Sampling(1, 1e-9, 7), 50)).containsOnly(1);
    }

    @Test
    void a_low_temperature_sharpens() {
        // When
        int[] cold = choices(new Sampling(0.1, 1, 7), 500);

        // Then
        assertThat(cold).containsOnly(1, 3);
    }

    private static int[] choices(Sampling sampling, int count) {
        int[] choices = new int[count];
        for (int i = 0; i < count; i++) choices[i] = choose(sampling, i);
        return choices;
    }

    private static int choose(Sampling sampling, int index) {
        return new Sampler(sampling, LOGITS.length).choose(LOGITS.clone(), 0, index);
    }
}
