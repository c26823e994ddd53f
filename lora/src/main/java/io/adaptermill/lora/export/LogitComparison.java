package io.adaptermill.lora.export;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.transformer.AdapterLayers;
import io.adaptermill.lora.transformer.Decoder;
import io.adaptermill.lora.transformer.FrozenDecoder;
import io.adaptermill.lora.transformer.TokenBatch;
import io.adaptermill.lora.transformer.TokenSequence;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/// How far apart two adapters' next-token logits are, over some token sequences on one base.
///
/// @param positions predictions compared
/// @param differenceMax largest absolute difference of a logit between the two
/// @param effectMax the same between the first and the bare base
/// @param argmaxChanged positions whose largest logit is another token's
public record LogitComparison(int positions, double differenceMax, double effectMax, int argmaxChanged) {
    private static final long SCORES_MAX = 1 << 22;
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// @param base in float32, or its rounding is what one sees
    /// @param sequences at least two tokens each
    public static LogitComparison of(FrozenDecoder base, Adapter first, Adapter second, List<int[]> sequences) {
        try (Kernels kernels = Kernels.open(base.precision(), Kernels.threads());
                Workspace memory = new Workspace();
                Decoder decoder = new Decoder(base, kernels)) {
            AdapterLayers one = AdapterLayers.of(first, base, kernels, memory);
            AdapterLayers other = AdapterLayers.of(second, base, kernels, memory);
            LogitComparison all = new LogitComparison(0, 0, 0, 0);
            for (int[] tokens : sequences) {
                TokenBatch batch = TokenBatch.of(List.of(new TokenSequence(tokens, 1)), SCORES_MAX);
                float[] expected = logits(decoder, batch, Optional.of(one));
                float[] actual = logits(decoder, batch, Optional.of(other));
                float[] bare = logits(decoder, batch, Optional.empty());
                all = all.plus(compare(batch.labels(), expected, actual, bare));
            }
            return all;
        }
    }

    private LogitComparison plus(LogitComparison that) {
        return new LogitComparison(
                positions + that.positions,
                Math.max(differenceMax, that.differenceMax),
                Math.max(effectMax, that.effectMax),
                argmaxChanged + that.argmaxChanged);
    }

    private static LogitComparison compare(int rows, float[] expected, float[] actual, float[] bare) {
        int vocabulary = expected.length / rows;
        double difference = 0;
        double effect = 0;
        int changed = 0;
        for (int row = 0; row < rows; row++) {
            int best = row * vocabulary;
            int found = best;
            for (int i = row * vocabulary; i < (row + 1) * vocabulary; i++) {
                difference = Math.max(difference, Math.abs((double) actual[i] - expected[i]));
                effect = Math.max(effect, Math.abs((double) bare[i] - expected[i]));
                if (expected[i] > expected[best]) best = i;
                if (actual[i] > actual[found]) found = i;
            }
            if (best != found) changed++;
        }
        return new LogitComparison(rows, difference, effect, changed);
    }

    private static float[] logits(Decoder decoder, TokenBatch batch, Optional<AdapterLayers> adapter) {
        Tensor logits = decoder.logits(batch, adapter);
        return logits.memory()
                .asSlice(0, 4L * batch.labels() * logits.columns())
                .toArray(FLOAT);
    }
}
