package io.adaptermill.lora.transformer;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.lora.model.Linear;
import io.adaptermill.lora.model.ModelConfig;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;

/// Where each part of an adapter lies in one flat array of float32, so that an optimizer step is one pass.
///
/// Order: layer by layer, linears in the order of [Linear], parts in the order of [Part].
public final class AdapterLayout {
    private final ModelConfig model;
    private final LoraConfig lora;
    private final List<Slot> slots = new ArrayList<>();
    private final long size;

    /// Plain LoRA: A and B.
    ///
    /// @throws IllegalArgumentException if a target is not one of the seven linears
    public AdapterLayout(ModelConfig model, LoraConfig lora) {
        this(model, lora, EnumSet.of(Part.A, Part.B), Experts.ONE, slot -> 0);
    }

    /// @param parts beside A and B, which are always there
    /// @param experts that share each module's rank
    /// @param held rank of what is set aside next to each slot's own, see [Slot#held]
    public AdapterLayout(
            ModelConfig model, LoraConfig lora, Set<Part> parts, Experts experts, ToIntFunction<Slot> held) {
        this.model = model;
        this.lora = lora;
        requireKnown(lora);
        Set<Part> all = EnumSet.of(Part.A, Part.B);
        all.addAll(parts);
        long at = 0;
        for (int layer = 0; layer < model.layers(); layer++) {
            for (Linear linear : Linear.values()) {
                if (!lora.targets().contains(linear.target())) continue;
                String path = linear.path(layer);
                float scale = (float) lora.scale(path);
                Slot slot = new Slot(
                        layer,
                        linear,
                        linear.in(model),
                        linear.out(model),
                        lora.rank(path),
                        scale,
                        0,
                        experts,
                        all,
                        at);
                slot = slot.holding(held.applyAsInt(slot));
                slots.add(slot);
                at = slot.end();
            }
        }
        size = at;
    }

    /// What a module's update `Δ(x) = s · b ⊙ B(g ⊙ (A x))` is made of.
    public enum Part {
        /// `[r, in]`.
        A(".lora_A"),
        /// `[out, r]`.
        B(".lora_B"),
        /// g, `[r, 1]`; 1 where a method has none.
        GATE(".gate"),
        /// b, `[out, 1]`; 1 where a method has none.
        OUTPUT(".output"),
        /// m, `[out, 1]`: the length that each row of `W + s B A` is given; a method without one leaves lengths alone.
        MAGNITUDE(".magnitude"),
        /// R, `[experts, in]`: scores a mixture's experts for a token.
        ROUTER(".router");

        private final String suffix;

        Part(String suffix) {
            this.suffix = suffix;
        }

        /// What its name adds to the module's path.
        public String suffix() {
            return suffix;
        }
    }

    /// Who shares a module's rank.
    ///
    /// @param count of equal ranks, one behind the other
    /// @param topK of them that a token uses, by their scores
    public record Experts(int count, int topK) {
        /// All of a plain update counts for every token.
        public static final Experts ONE = new Experts(1, 1);

        public static Experts of(Adapter adapter) {
            return adapter.routing()
                    .map(routing -> new Experts(routing.experts(), routing.topK()))
                    .orElse(ONE);
        }

        public boolean choose() {
            return count > 1;
        }
    }

    /// One module's place.
    ///
    /// @param rank r, of what is trained
    /// @param scale s
    /// @param held rank of low-rank parts that are applied beside it and never trained, such as what PiSSA takes
    ///     out of the base
    /// @param a first element of A
    public record Slot(
            int layer,
            Linear linear,
            int in,
            int out,
            int rank,
            float scale,
            int held,
            Experts experts,
            Set<Part> parts,
            long a) {
        public String path() {
            return linear.path(layer);
        }

        /// First element of B.
        public long b() {
            return a + (long) rank * in;
        }

        /// First element of g.
        public long gate() {
            return b() + (long) out * rank;
        }

        /// First element of b.
        public long output() {
            return gate() + (has(Part.GATE) ? rank : 0);
        }

        /// First element of m.
        public long magnitude() {
            return output() + (has(Part.OUTPUT) ? out : 0);
        }

        /// First element of R.
        public long router() {
            return magnitude() + (has(Part.MAGNITUDE) ? out : 0);
        }

        public long end() {
            return router() + (has(Part.ROUTER) ? (long) experts.count() * in : 0);
        }

        public boolean has(Part part) {
            return parts.contains(part);
        }

        /// Rows of A': the rank of all that is applied, and the router's scores.
        public int width() {
            return rank + held + (has(Part.ROUTER) ? experts.count() : 0);
        }

        public long at(Part part) {
            return switch (part) {
                case A -> a;
                case B -> b();
                case GATE -> gate();
                case OUTPUT -> output();
                case MAGNITUDE -> magnitude();
                case ROUTER -> router();
            };
        }

        public int rows(Part part) {
            return switch (part) {
                case A, GATE -> rank;
                case B, OUTPUT, MAGNITUDE -> out;
                case ROUTER -> experts.count();
            };
        }

        public int columns(Part part) {
            return switch (part) {
                case A, ROUTER -> in;
                case B -> rank;
                case GATE, OUTPUT, MAGNITUDE -> 1;
            };
        }

        private Slot holding(int more) {
            return new Slot(layer, linear, in, out, rank, scale, more, experts, parts, a);
        }
    }

    public ModelConfig model() {
        return model;
    }

    /// Of what is trained; what is applied may have a higher rank.
    public LoraConfig lora() {
        return lora;
    }

    public List<Slot> slots() {
        return slots;
    }

    /// @throws IllegalArgumentException if there is no such module
    public Slot slot(String path) {
        return slots.stream()
                .filter(slot -> slot.path().equals(path))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the adapter has no module " + path));
    }

    /// Numbers in the flat array.
    public long size() {
        return size;
    }

    /// The modules of one fused linear that carry an update, in the order of its parts; may be empty.
    public List<Slot> slots(int layer, Fused fused) {
        return slots.stream()
                .filter(slot -> slot.layer() == layer && fused.parts().contains(slot.linear()))
                .toList();
    }

    private static void requireKnown(LoraConfig lora) {
        List<String> known =
                List.of(Linear.values()).stream().map(Linear::target).toList();
        for (String target : lora.targets()) {
            if (!known.contains(target)) {
                throw new IllegalArgumentException("a target must be one of " + known + ", was " + target);
            }
        }
    }
}
