package io.adaptermill.schemas.policy;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.adaptermill.schemas.Checks;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Ranks that differ between modules, or change.
///
/// @param patterns the first that fits a module decides for it; a module that none fits has the recipe's rank and alpha
/// @param allocation how a new adapter's ranks are measured instead; absent for none
/// @param fall how ranks become lower while a lineage's first batch is trained; absent for not at all
/// @param energy how few ranks are enough once a batch is trained; absent for all of them
public record Ranks(
        List<RankPattern> patterns, Optional<Allocation> allocation, Optional<Fall> fall, Optional<Energy> energy) {
    public static final Ranks DEFAULT = new Ranks(List.of(), Optional.empty());

    public Ranks {
        patterns = List.copyOf(patterns);
    }

    /// Ranks that stay.
    public Ranks(List<RankPattern> patterns, Optional<Allocation> allocation) {
        this(patterns, allocation, Optional.empty(), Optional.empty());
    }

    /// Whether a run may end with lower ranks than it began with.
    public boolean shrink() {
        return fall.isPresent() || energy.isPresent();
    }

    /// @param modules ends of module paths, such as `self_attn.q_proj` or `layers.0.mlp.up_proj`, several with `|`
    /// between
    public record RankPattern(String modules, int rank, double alpha) {
        private static final Pattern NAMES =
                Pattern.compile("[A-Za-z0-9_]+(\\.[A-Za-z0-9_]+)*(\\|[A-Za-z0-9_]+(\\.[A-Za-z0-9_]+)*)*");

        public RankPattern {
            Checks.matching("modules", modules, NAMES, "module names, with dots within a path and | between paths");
            Checks.within("rank", rank, 1, 256);
            Checks.within("alpha", alpha, 1e-6, 4096);
        }

        /// Whether this is about a module; a name fits whole segments at a path's end.
        public boolean fits(String path) {
            for (String end : modules.split("\\|")) {
                if (path.equals(end) || path.endsWith("." + end)) return true;
            }
            return false;
        }
    }

    /// Gives each module of a new adapter the rank that its importance to the first batch earns; alpha / rank stays.
    ///
    /// @param budget sum of all modules' ranks
    public record Allocation(Importance method, int budget) {
        public static final Allocation DEFAULT = new Allocation(Importance.GRADIENT_NORM, 1024);

        public Allocation {
            Checks.within("budget", budget, 1, 1_000_000);
        }
    }

    /// Starts high, where directions are still to be found, and ends low, where they are to be served: at each cut
    /// every
    /// module keeps its update's largest singular values.
    ///
    /// @param targetRank where the rank of every module ends that begins above
    /// @param cuts by the same factor each, at even intervals
    /// @param finalShare share of the steps after the last cut
    public record Fall(int targetRank, int cuts, double finalShare) {
        public static final Fall DEFAULT = new Fall(4, 2, 0.5);

        public Fall {
            Checks.within("targetRank", targetRank, 1, 256);
            Checks.within("cuts", cuts, 1, 16);
            Checks.within("finalShare", finalShare, 0, 1);
        }
    }

    /// Every module keeps the fewest ranks that hold this share of its update's energy, the sum of its squared singular
    /// values; at least 1.
    public record Energy(double share) {
        public static final Energy DEFAULT = new Energy(0.9);

        public Energy {
            Checks.within("share", share, 0.01, 1);
        }
    }

    /// What makes a module important, measured on the weight W that it would update.
    public enum Importance {
        /// ‖∂L/∂W‖.
        @JsonProperty("gradientNorm")
        GRADIENT_NORM,
        /// Sum over steps and weights of (∂L/∂w)².
        @JsonProperty("fisher")
        FISHER,
        /// Sum over weights of |w · ∂L/∂w|.
        @JsonProperty("sensitivity")
        SENSITIVITY
    }
}
