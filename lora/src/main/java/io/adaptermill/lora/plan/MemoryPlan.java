package io.adaptermill.lora.plan;

import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.model.Linear;
import io.adaptermill.lora.model.ModelConfig;
import io.adaptermill.lora.transformer.Activations;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Everything that training one adapter keeps in memory at its peak.
///
/// @param parts largest groups first: base, adapter, activations, runtime
public record MemoryPlan(List<Part> parts) {
    private static final long F32 = Float.BYTES;

    public MemoryPlan {
        parts = List.copyOf(parts);
    }

    /// @param precision of the products
    public static MemoryPlan of(
            ModelConfig model, LinearStorage storage, Precision precision, Workload work, Place place) {
        List<Part> parts = new ArrayList<>();
        base(parts, model, storage, precision);
        if (place == Place.CPU) embeddingAsStored(parts, model, storage);
        adapter(parts, model, precision, work);
        new ActivationMemory(model, precision, work).addTo(parts);
        parts.add(place.reserve());
        return new MemoryPlan(parts);
    }

    public long bytes() {
        return parts.stream().mapToLong(Part::bytes).sum();
    }

    public boolean fits(long budgetBytes) {
        return bytes() <= budgetBytes;
    }

    /// Weights of all linears.
    static long linearWeights(ModelConfig model) {
        long weights = 0;
        for (Linear linear : Linear.values()) weights += (long) linear.in(model) * linear.out(model);
        return weights * model.layers();
    }

    /// Numbers that an update of every linear trains.
    static long trained(ModelConfig model, int rank) {
        long numbers = 0;
        for (Linear linear : Linear.values()) numbers += (long) rank * (linear.in(model) + linear.out(model));
        return numbers * model.layers();
    }

    private static void base(List<Part> parts, ModelConfig model, LinearStorage storage, Precision precision) {
        long linear = linearWeights(model);
        parts.add(new Part(
                "base: linears",
                storage.bytes(linear),
                millions(linear) + " weights in "
                        + String.format(Locale.ROOT, "%.3f", storage.bits()).replaceAll("\\.?0+$", "") + " bits: "
                        + storage.why()));
        boolean tied = model.has(ModelConfig.Feature.TIED_EMBEDDINGS);
        long vocabulary = (long) model.vocabulary() * model.hidden() * (tied ? 1 : 2);
        String matrices = tied ? "one matrix for both" : "two matrices";
        parts.add(new Part(
                "base: embedding and head",
                vocabulary * precision.sizeBytes(),
                millions(vocabulary) + " weights, " + matrices + ", in " + 8 * precision.sizeBytes()
                        + " bits: used whole at every step"));
        long norms = (2L * model.layers() + 1) * model.hidden();
        parts.add(new Part("base: norms", norms * F32, millions(norms) + " weights in 32 bits"));
    }

    /// The checkpoint keeps what it read; on a card only what the products use comes along.
    private static void embeddingAsStored(List<Part> parts, ModelConfig model, LinearStorage storage) {
        LinearStorage kept = storage.isOfGguf() ? storage : LinearStorage.BF16;
        boolean tied = model.has(ModelConfig.Feature.TIED_EMBEDDINGS);
        long vocabulary = (long) model.vocabulary() * model.hidden() * (tied ? 1 : 2);
        parts.add(new Part("base: embedding as stored", kept.bytes(vocabulary), "the checkpoint's own copy"));
    }

    private static void adapter(List<Part> parts, ModelConfig model, Precision precision, Workload work) {
        long trained = trained(model, work.rank());
        String share = String.format(Locale.ROOT, "%.2f %% of the linears", 100.0 * trained / linearWeights(model));
        parts.add(new Part("adapter: weights", trained * F32, millions(trained) + " numbers in 32 bits, " + share));
        parts.add(new Part("adapter: gradients", trained * F32, "as many, in 32 bits"));
        parts.add(new Part(
                "adapter: moments",
                work.momentsPaged() ? 0 : 2 * trained * F32,
                work.momentsPaged()
                        ? "paged: " + Sizes.text(2 * trained * F32) + " elsewhere"
                        : "AdamW's two for each number, in 32 bits"));
        long fused = FusedShape.numbers(model, work.rank());
        parts.add(new Part(
                "adapter: for the products",
                fused * precision.sizeBytes(),
                millions(fused) + " numbers in " + 8 * precision.sizeBytes()
                        + " bits: modules that share an input lie in one matrix"));
    }

    static String millions(long count) {
        return count >= 1_000_000_000
                ? String.format(Locale.ROOT, "%.2f billion", count / 1e9)
                : String.format(Locale.ROOT, "%.1f million", count / 1e6);
    }

    static boolean keeps(Workload work) {
        return work.activations() == Activations.KEPT;
    }
}
