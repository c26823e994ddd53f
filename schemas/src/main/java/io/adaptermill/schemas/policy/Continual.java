package io.adaptermill.schemas.policy;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.adaptermill.schemas.Checks;
import java.util.List;

/// What keeps a tenant's earlier batches from being forgotten.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Continual.None.class, name = "none"),
    @JsonSubTypes.Type(value = Continual.Replay.class, name = "replay"),
    @JsonSubTypes.Type(value = Continual.Ewc.class, name = "ewc"),
    @JsonSubTypes.Type(value = Continual.Olora.class, name = "olora"),
    @JsonSubTypes.Type(value = Continual.Kl.class, name = "kl"),
})
public sealed interface Continual {
    Continual DEFAULT = new None();

    /// One of each kind, with values to start from, in the order of the kinds.
    List<Continual> EACH = List.of(DEFAULT, new Replay(0.25), new Ewc(1e6), new Olora(0.5), new Kl(0.1));

    /// Nothing does.
    record None() implements Continual {}

    /// Examples of earlier batches are trained again beside the new ones.
    ///
    /// @param share of a run's examples that are old
    record Replay(double share) implements Continual {
        public Replay {
            Checks.within("share", share, 0, 0.9);
        }

        /// How many old examples join so many new ones.
        public int beside(int fresh) {
            return Math.toIntExact(Math.round(fresh * share / (1 - share)));
        }
    }

    /// Weights that mattered to earlier batches move less. Kirkpatrick et al. 2017.
    ///
    /// @param strength λ of the quadratic penalty, weighed by the diagonal of the Fisher information, whose mean is
    /// about 1e-7 once a batch is learnt
    record Ewc(double strength) implements Continual {
        public Ewc {
            Checks.within("strength", strength, 0, 1e9);
        }
    }

    /// New updates are kept orthogonal to earlier ones. Wang et al. 2023.
    ///
    /// @param strength λ of the overlap between the rows of A
    record Olora(double strength) implements Continual {
        public Olora {
            Checks.within("strength", strength, 0, 1e6);
        }
    }

    /// Answers stay likely to what the parent would say.
    ///
    /// @param weight of the divergence from the parent, beside the loss
    record Kl(double weight) implements Continual {
        public Kl {
            Checks.within("weight", weight, 0, 100);
        }
    }
}
