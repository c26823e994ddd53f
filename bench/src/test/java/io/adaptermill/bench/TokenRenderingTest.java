package io.adaptermill.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.lora.transformer.TokenSequence;
import org.junit.jupiter.api.Test;

class TokenRenderingTest {
    @Test
    void a_stretch_becomes_its_own_tokens_all_labelled_but_the_first() {
        // Given
        TokenRendering text = new TokenRendering(new int[] {10, 11, 12, 13, 14, 15});
        TokenRendering.Stretch stretch = text.stretch(1, 3);

        // When
        TokenSequence sequence = text.sequence(stretch.prompt(), stretch.response(), 3);

        // Then
        assertThat(sequence.tokens()).containsExactly(13, 14, 15);
        assertThat(sequence.firstTarget()).isEqualTo(1);
    }
}
