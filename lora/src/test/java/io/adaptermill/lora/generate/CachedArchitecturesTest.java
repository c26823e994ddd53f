package io.adaptermill.lora.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adaptermill.lora.kernel.RowPool;
import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.transformer.Architecture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CachedArchitecturesTest {
    static List<String> models() {
        List<String> all = new ArrayList<>(Architecture.FOLDERS);
        all.addAll(Architecture.GGUF);
        return all;
    }

    @ParameterizedTest
    @MethodSource("models")
    void token_by_token_gives_the_logits_of_transformers(String name) {
        // Given
        Architecture architecture = Architecture.of(name);
        float[] expected = architecture.logits();
        int[] tokens = architecture.tokens();
        try (Checkpoint checkpoint = architecture.checkpoint();
                RowPool pool = new RowPool(1)) {
            int vocabulary = checkpoint.config().vocabulary();
            CachedDecoder decoder = new CachedDecoder(checkpoint, 8, tokens.length, pool);
            KeyValues memory = decoder.newMemory(tokens.length);
            float[] actual = new float[expected.length];

            // When
            for (int t = 0; t < tokens.length; t++) {
                float[] logits = decoder.forward(List.of(new StepRow(tokens[t], t, memory, Optional.empty(), true)));
                System.arraycopy(logits, 0, actual, t * vocabulary, vocabulary);
            }

            // Then: they reach 9
            assertThat(actual).containsExactly(Arrays.copyOf(expected, actual.length), within(1e-4f));
        }
    }
}
