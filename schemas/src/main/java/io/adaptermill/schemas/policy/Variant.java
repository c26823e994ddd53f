package io.adaptermill.schemas.policy;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.adaptermill.schemas.Checks;
import java.util.List;

/// Which low-rank method trains: what of `s · b ⊙ B(g ⊙ (A x))` learns, how it starts, and what happens after a step.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Variant.Lora.class, name = "lora"),
    @JsonSubTypes.Type(value = Variant.RsLora.class, name = "rslora"),
    @JsonSubTypes.Type(value = Variant.LoraPlus.class, name = "loraplus"),
    @JsonSubTypes.Type(value = Variant.LoraFa.class, name = "lorafa"),
    @JsonSubTypes.Type(value = Variant.Vera.class, name = "vera"),
    @JsonSubTypes.Type(value = Variant.AdaLora.class, name = "adalora"),
    @JsonSubTypes.Type(value = Variant.DyLora.class, name = "dylora"),
    @JsonSubTypes.Type(value = Variant.Sora.class, name = "sora"),
    @JsonSubTypes.Type(value = Variant.Dora.class, name = "dora"),
    @JsonSubTypes.Type(value = Variant.Pissa.class, name = "pissa"),
    @JsonSubTypes.Type(value = Variant.ReLora.class, name = "relora"),
    @JsonSubTypes.Type(value = Variant.Mixture.class, name = "mixture"),
    @JsonSubTypes.Type(value = Variant.Eva.class, name = "eva"),
})
public sealed interface Variant {
    Variant DEFAULT = new Lora();

    /// One of each kind, with values that its paper or PEFT starts from, in the order of the kinds.
    List<Variant> EACH = List.of(
            DEFAULT,
            new RsLora(),
            new LoraPlus(16),
            new LoraFa(),
            new Vera(0, 0.1),
            new AdaLora(4, 0.1, 0.3, 0.85, 0.85, 0.5),
            new DyLora(1),
            new Sora(0.1),
            new Dora(),
            new Pissa(),
            new ReLora(100),
            new Mixture(4, 2, 0.01),
            new Eva(2));

    /// A and B, scaled by alpha / rank. Hu et al. 2021.
    record Lora() implements Variant {}

    /// The same, scaled by alpha / √rank. Kalajdzievski 2023.
    record RsLora() implements Variant {}

    /// B learns faster than A. Hayou et al. 2024.
    ///
    /// @param ratio B's learning rate over A's
    record LoraPlus(double ratio) implements Variant {
        public LoraPlus {
            Checks.within("ratio", ratio, 1, 1000);
        }
    }

    /// A stays as it was drawn, B learns. Zhang et al. 2023.
    record LoraFa() implements Variant {}

    /// Two vectors per module learn; one A and one B, drawn and frozen, serve all modules. Kopiczko et al. 2023.
    ///
    /// @param projectionSeed which A and B are drawn; the same along a lineage
    /// @param gateStart what each entry of the gate g starts at
    record Vera(int projectionSeed, double gateStart) implements Variant {
        public Vera {
            Checks.within("projectionSeed", projectionSeed, 0, Integer.MAX_VALUE);
            Checks.within("gateStart", gateStart, -10, 10);
        }
    }

    /// Triplets of A, gate and B compete, and a run ends with fewer of them. Zhang et al. 2023.
    ///
    /// @param targetRank mean rank that is left
    /// @param warmupShare share of the steps before the first is dropped
    /// @param finalShare share of the steps after the last is dropped
    /// @param beta1 smoothing of a weight's sensitivity
    /// @param beta2 smoothing of its uncertainty
    /// @param orthogonality weight of the pull of A and B towards orthogonality
    record AdaLora(
            int targetRank, double warmupShare, double finalShare, double beta1, double beta2, double orthogonality)
            implements Variant {
        public AdaLora {
            Checks.within("targetRank", targetRank, 1, 256);
            Checks.within("warmupShare", warmupShare, 0, 1);
            Checks.within("finalShare", finalShare, 0, 1);
            Checks.within("beta1", beta1, 0, 0.999999);
            Checks.within("beta2", beta2, 0, 0.999999);
            Checks.within("orthogonality", orthogonality, 0, 100);
            if (warmupShare + finalShare > 1) {
                throw new IllegalArgumentException("warmupShare and finalShare together must not exceed 1, were "
                        + warmupShare + " and " + finalShare);
            }
        }
    }

    /// Every step trains a prefix of the ranks, so that any prefix is a good adapter. Valipour et al. 2022.
    ///
    /// @param rankMin shortest prefix
    record DyLora(int rankMin) implements Variant {
        public DyLora {
            Checks.within("rankMin", rankMin, 1, 256);
        }
    }

    /// A gate per rank that a proximal step pulls to exactly 0. Ding et al. 2023.
    ///
    /// @param gateDecay λ of the soft threshold: every step moves a gate by learning rate · λ towards 0
    record Sora(double gateDecay) implements Variant {
        public Sora {
            Checks.within("gateDecay", gateDecay, 0, 1000);
        }
    }

    /// Direction by A and B, length of each output by a vector of its own. Liu et al. 2024.
    record Dora() implements Variant {}

    /// Starts at the largest singular values of the base's weight. Meng et al. 2024.
    record Pissa() implements Variant {}

    /// Every so often what was learnt is set aside, exact and frozen, and A and B start anew. Lialin et al. 2023.
    record ReLora(int everySteps) implements Variant {
        public ReLora {
            Checks.within("everySteps", everySteps, 1, 1_000_000);
        }
    }

    /// Several low-rank experts per module, each of the recipe's rank, of which a router picks a few for each token.
    ///
    /// @param topK experts that a token uses; more than one, for the share of a single one is always 1 and would
    ///     teach its router nothing
    /// @param balance weight of the loss that keeps experts equally busy
    record Mixture(int experts, int topK, double balance) implements Variant {
        public Mixture {
            Checks.within("experts", experts, 2, 64);
            Checks.within("topK", topK, 2, 64);
            Checks.within("balance", balance, 0, 100);
            if (topK > experts) {
                throw new IllegalArgumentException("topK must not exceed experts, were " + topK + " and " + experts);
            }
        }
    }

    /// Plain LoRA whose A starts at the directions in which the first batch's activations vary most, and whose ranks go
    /// to the modules whose activations few directions explain. Paischer et al. 2024.
    ///
    /// @param rankFactorMax ρ: no module gets more than its rank times this; 1 leaves all ranks as they are
    record Eva(double rankFactorMax) implements Variant {
        public Eva {
            Checks.within("rankFactorMax", rankFactorMax, 1, 16);
        }
    }
}
