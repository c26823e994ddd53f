package io.adaptermill.lora.model;

import io.adaptermill.artifacts.Adapter;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.Set;

/// The shape of a decoder of the llama family: pre-norm blocks of grouped-query attention with rotary positions and a
/// gated SiLU feed-forward. Architectures differ in these values only.
///
/// @param vocabulary rows of the embedding
/// @param layers blocks
/// @param hidden width of the residual
/// @param intermediate width of the feed-forward
/// @param heads query heads; a multiple of `headsKv`
/// @param headsKv key and value heads
/// @param headDim width of one head, even
/// @param context most positions the model was trained for
/// @param ropeTheta base of the rotary frequencies
/// @param ropeScaling what became of them when the context was stretched
/// @param normEps added to the mean square in RMSNorm
/// @param features what only some members of the family have
public record ModelConfig(
        int vocabulary,
        int layers,
        int hidden,
        int intermediate,
        int heads,
        int headsKv,
        int headDim,
        int context,
        double ropeTheta,
        RopeScaling ropeScaling,
        double normEps,
        Set<Feature> features) {

    /// What only some members of the family have.
    public enum Feature {
        /// The output head is the embedding itself.
        TIED_EMBEDDINGS,
        /// q, k and v have biases (Qwen2).
        QKV_BIAS,
        /// The attention's output has a bias.
        OUTPUT_BIAS,
        /// The three feed-forward linears have biases.
        MLP_BIAS,
        /// RMSNorm of each query and key head before the rotation (Qwen3).
        QK_NORM
    }

    public ModelConfig {
        requireIn("vocabulary", vocabulary, 1 << 20);
        requireIn("layers", layers, 512);
        requireIn("hidden", hidden, 1 << 17);
        requireIn("intermediate", intermediate, 1 << 19);
        requireIn("heads", heads, 1024);
        requireIn("headsKv", headsKv, heads);
        requireIn("headDim", headDim, 1024);
        requireIn("context", context, 1 << 27);
        if (heads % headsKv != 0) {
            throw new IllegalArgumentException(
                    "heads must be a multiple of headsKv, were " + heads + " and " + headsKv);
        }
        if (headDim % 2 != 0) throw new IllegalArgumentException("headDim must be even, was " + headDim);
        if (!(ropeTheta >= 1) || Double.isInfinite(ropeTheta)) {
            throw new IllegalArgumentException("ropeTheta must be at least 1, was " + ropeTheta);
        }
        if (ropeScaling instanceof RopeScaling.Divisors each && each.divisors().size() != headDim / 2) {
            throw new IllegalArgumentException(
                    "a head of " + headDim + " has " + headDim / 2 + " rotary frequencies, was given divisors for "
                            + each.divisors().size());
        }
        if (!(normEps > 0 && normEps < 1)) {
            throw new IllegalArgumentException("normEps must be in (0, 1), was " + normEps);
        }
        EnumSet<Feature> ordered = EnumSet.noneOf(Feature.class);
        ordered.addAll(features);
        features = Collections.unmodifiableSet(ordered);
    }

    /// A model whose rotary frequencies are as trained.
    public ModelConfig(
            int vocabulary,
            int layers,
            int hidden,
            int intermediate,
            int heads,
            int headsKv,
            int headDim,
            int context,
            double ropeTheta,
            double normEps,
            Set<Feature> features) {
        this(
                vocabulary,
                layers,
                hidden,
                intermediate,
                heads,
                headsKv,
                headDim,
                context,
                ropeTheta,
                RopeScaling.NONE,
                normEps,
                features);
    }

    public boolean has(Feature feature) {
        return features.contains(feature);
    }

    /// Of each pair of a head's components, radians a position: `scaling(θ^(−2i/d))`, float32 throughout.
    public float[] rotaryFrequencies() {
        float[] frequencies = new float[headDim / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = ropeScaling.scale((float) (1 / StrictMath.pow(ropeTheta, 2.0 * i / headDim)), i);
        }
        return frequencies;
    }

    /// One line that differs whenever a value does; part of every fingerprint, so its form never changes.
    String canonical() {
        String plain =
                "vocabulary=%d layers=%d hidden=%d intermediate=%d heads=%d headsKv=%d headDim=%d context=%d ropeTheta=%s normEps=%s features=%s"
                        .formatted(
                                vocabulary,
                                layers,
                                hidden,
                                intermediate,
                                heads,
                                headsKv,
                                headDim,
                                context,
                                ropeTheta,
                                normEps,
                                features);
        return ropeScaling.equals(RopeScaling.NONE) ? plain : plain + " ropeScaling=" + ropeScaling;
    }

    /// Proves that an adapter's modules are linears of this model, with their shapes.
    ///
    /// @throws IllegalArgumentException naming the module that is not
    public void requireFits(Adapter adapter) {
        SequencedMap<String, Shape> tensors = tensors();
        adapter.modules().forEach((path, module) -> {
            Shape weight = tensors.getOrDefault(path + ".weight", Shape.NONE);
            boolean linear = path.contains("_proj") && weight.rows() == module.out() && weight.columns() == module.in();
            if (linear) return;
            throw new IllegalArgumentException(
                    "the adapter's module %s, %d x %d, is not a linear of this base model, which has %s there; use the base that its manifest names"
                            .formatted(path, module.out(), module.in(), weight));
        });
    }

    /// Every tensor such a model has, by Hugging Face name, with its shape; vectors have one row.
    public SequencedMap<String, Shape> tensors() {
        SequencedMap<String, Shape> tensors = new LinkedHashMap<>();
        tensors.put(Checkpoint.EMBEDDING, new Shape(vocabulary, hidden));
        for (int layer = 0; layer < layers; layer++) addBlock(tensors, layer);
        tensors.put(Checkpoint.FINAL_NORM, new Shape(1, hidden));
        if (!has(Feature.TIED_EMBEDDINGS)) tensors.put(Checkpoint.HEAD, new Shape(vocabulary, hidden));
        return tensors;
    }

    /// Rows and columns of a stored matrix.
    public record Shape(int rows, int columns) {
        static final Shape NONE = new Shape(0, 0);

        @Override
        public String toString() {
            return rows == 0 ? "nothing" : rows + " x " + columns;
        }
    }

    private void addBlock(SequencedMap<String, Shape> tensors, int layer) {
        tensors.put(Checkpoint.attentionNorm(layer), new Shape(1, hidden));
        tensors.put(Checkpoint.feedForwardNorm(layer), new Shape(1, hidden));
        for (Linear linear : Linear.values()) {
            tensors.put(Checkpoint.weight(linear, layer), new Shape(linear.out(this), linear.in(this)));
            if (linear.hasBias(this)) tensors.put(Checkpoint.bias(linear, layer), new Shape(1, linear.out(this)));
        }
        if (has(Feature.QK_NORM)) {
            tensors.put(Checkpoint.queryNorm(layer), new Shape(1, headDim));
            tensors.put(Checkpoint.keyNorm(layer), new Shape(1, headDim));
        }
    }

    private static void requireIn(String field, int value, int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(field + " must be in [1, " + max + "], was " + value);
        }
    }
}
