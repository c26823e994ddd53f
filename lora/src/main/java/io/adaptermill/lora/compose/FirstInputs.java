package io.adaptermill.lora.compose;

import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.quant.FrozenTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// What the first layer's attention gets to see of a token: its embedding, normalised. Known before
/// anything has run, so a choice that rests on it costs next to nothing; it tells which words there are,
/// not their order.
final class FirstInputs {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Checkpoint base;
    private final float[] norm;

    /// @param base must stay open as long as this is used
    FirstInputs(Checkpoint base) {
        this.base = base;
        this.norm = row(base.tensor(Checkpoint.attentionNorm(0)), 0);
    }

    int size() {
        return norm.length;
    }

    /// RMSNorm of a token's embedding.
    float[] of(int token) {
        float[] x = row(base.tensor(Checkpoint.EMBEDDING), token);
        double squares = 0;
        for (float value : x) squares += (double) value * value;
        double inverse = 1 / Math.sqrt(squares / x.length + base.config().normEps());
        for (int i = 0; i < x.length; i++) x[i] = (float) (x[i] * inverse * norm[i]);
        return x;
    }

    /// The mean over a prompt's tokens, scaled to length 1.
    double[] direction(int[] tokens) {
        double[] mean = new double[norm.length];
        for (int token : tokens) {
            float[] x = of(token);
            for (int i = 0; i < mean.length; i++) mean[i] += x[i];
        }
        double squares = 0;
        for (double value : mean) squares += value * value;
        for (int i = 0; i < mean.length; i++) mean[i] /= Math.sqrt(squares);
        return mean;
    }

    private static float[] row(FrozenTensor tensor, int row) {
        try (Arena passing = Arena.ofConfined()) {
            MemorySegment floats = passing.allocate(4L * tensor.columns(), 64);
            tensor.readFloats(row, row + 1, floats, 0);
            return floats.toArray(FLOAT);
        }
    }
}
