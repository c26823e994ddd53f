package io.adaptermill.artifacts;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/// What PEFT calls `LoraConfig`: ranks, scales, and which linears carry an update.
///
/// @param rank of modules that no pattern names; at least 1 and at most 512
/// @param alpha numerator of their scale, positive
/// @param targets last segments of the module paths, such as `q_proj`; sorted
/// @param rankStabilised whether the scale is `alpha / √rank` (rsLoRA) instead of `alpha / rank`
/// @param ranks by the end of a module's path, whole segments; the first that fits counts (PEFT's `rank_pattern`)
/// @param alphas the same (PEFT's `alpha_pattern`)
public record LoraConfig(
        int rank,
        double alpha,
        SortedSet<String> targets,
        boolean rankStabilised,
        SequencedMap<String, Integer> ranks,
        SequencedMap<String, Double> alphas) {
    public static final int RANK_MAX = 512;

    public LoraConfig {
        requireRank(rank);
        requireAlpha(alpha);
        if (targets.isEmpty()) throw new IllegalArgumentException("targets must name at least one linear, was empty");
        for (String target : targets) {
            if (!target.matches("[A-Za-z0-9_]{1,64}")) {
                throw new IllegalArgumentException(
                        "a target must be a plain module name such as q_proj, was " + target);
            }
        }
        targets = Collections.unmodifiableSortedSet(new TreeSet<>(targets));
        ranks = checked(ranks, (name, value) -> requireRank(value));
        alphas = checked(alphas, (name, value) -> requireAlpha(value));
    }

    /// All modules alike, scaled by `alpha / rank`.
    public LoraConfig(int rank, double alpha, SortedSet<String> targets) {
        this(rank, alpha, targets, false, new LinkedHashMap<>(), new LinkedHashMap<>());
    }

    /// The factor in front of `B A` of modules that no pattern names.
    public double scale() {
        return alpha / (rankStabilised ? Math.sqrt(rank) : rank);
    }

    /// One module's rank.
    public int rank(String path) {
        return fitting(ranks, path, rank);
    }

    /// One module's alpha.
    public double alpha(String path) {
        return fitting(alphas, path, alpha);
    }

    /// The factor in front of `B A` of one module.
    public double scale(String path) {
        int own = rank(path);
        return alpha(path) / (rankStabilised ? Math.sqrt(own) : own);
    }

    /// Other ranks, by the ends of module paths; each module's scale stays.
    public LoraConfig withRanks(SequencedMap<String, Integer> other) {
        SequencedMap<String, Double> otherAlphas = new LinkedHashMap<>();
        other.forEach((path, rank) -> {
            double root = rankStabilised ? Math.sqrt((double) rank / rank(path)) : (double) rank / rank(path);
            otherAlphas.put(path, alpha(path) * root);
        });
        return new LoraConfig(rank, alpha, targets, rankStabilised, other, otherAlphas);
    }

    private static <T> T fitting(Map<String, T> patterns, String path, T otherwise) {
        for (Map.Entry<String, T> pattern : patterns.entrySet()) {
            String end = pattern.getKey();
            if (path.equals(end) || path.endsWith("." + end)) return pattern.getValue();
        }
        return otherwise;
    }

    private static <T> SequencedMap<String, T> checked(SequencedMap<String, T> patterns, BiConsumer<String, T> check) {
        patterns.forEach((name, value) -> {
            if (!name.matches("[A-Za-z0-9_]{1,64}(\\.[A-Za-z0-9_]{1,64}){0,15}")) {
                throw new IllegalArgumentException(
                        "a pattern must be the end of a module path such as layers.0.mlp.up_proj, was " + name);
            }
            check.accept(name, value);
        });
        return Collections.unmodifiableSequencedMap(new LinkedHashMap<>(patterns));
    }

    private static void requireRank(int rank) {
        if (rank < 1 || rank > RANK_MAX) {
            throw new IllegalArgumentException("rank must be in [1, " + RANK_MAX + "], was " + rank);
        }
    }

    private static void requireAlpha(double alpha) {
        if (!(alpha > 0) || Double.isInfinite(alpha)) {
            throw new IllegalArgumentException("alpha must be positive and finite, was " + alpha);
        }
    }
}
