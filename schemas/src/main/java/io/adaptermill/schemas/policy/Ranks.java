package io.adaptermill.schemas.policy;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.adaptermill.schemas.Checks;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Ranks that differ between modules.
///
/// @param patterns the first that fits a module decides for it; a module that none fits has the recipe's rank and alpha
/// @param allocation how a new adapter's ranks are measured instead; absent for none
public record Ranks(List<RankPattern> patterns, Optional<Allocation> allocation) {
    public static final Ranks DEFAULT = new Ranks(List.of(), Optional.empty());

    public Ranks {
        patterns = List.copyOf(patterns);
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
