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
    void a_prompt_at_once_and_then_token_by_token_gives_the_logits_of_transformers(String name) {
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

            // When: eight rows, then one by one
            for (int t = 0; t < tokens.length; ) {
                List<StepRow> rows = new ArrayList<>();
                for (int end = t == 0 ? 8 : t + 1; t < end; t++) {
                    rows.add(new StepRow(tokens[t], t, memory, Optional.empty(), true));
                }
                float[] logits = decoder.forward(rows);
                int count = rows.size() * vocabulary;
                System.arraycopy(logits, 0, actual, t * vocabulary - count, count);
            }

            // Then: they reach 9
            assertThat(actual).containsExactly(Arrays.copyOf(expected, actual.length), within(1e-4f));
        }
    }
}
