package io.adaptermill.schemas.policy;

import io.adaptermill.schemas.Checks;
import io.adaptermill.schemas.id.Digest;
import java.util.Optional;

/// How a batch is trained; part of a version's identity, so every field counts for reproducibility.
///
/// @param rank of the low-rank update
/// @param alpha scale numerator: the update counts alpha / rank
/// @param learningRate peak, after warm-up
/// @param epochs passes over the batch
/// @param examplesPerStep examples whose gradients make one optimizer step
/// @param tokensPerExampleMax longer examples are cut at the left of the prompt
/// @param warmupShare share of the steps over which the learning rate rises from 0
/// @param weightDecay decoupled, on adapter weights
/// @param gradientNormMax global norm above which gradients are scaled down
/// @param dpoBeta strength of the pull towards the reference in DPO
/// @param ktoBeta the same in KTO
/// @param preferenceWeight weight of the DPO part of an edit beside its SFT part
/// @param variant which low-rank method; absent for [Variant#DEFAULT], like every part below, and however it is spelt
///     out: so that a recipe that does not use a part has the bytes it had before there was one
/// @param ranks that differ between modules; absent for [Ranks#DEFAULT]
/// @param practice how steps are taken; absent for [Practice#DEFAULT]
/// @param losses what feedback costs; absent for [Losses#DEFAULT]
/// @param continual what keeps earlier batches from being forgotten; absent for [Continual#DEFAULT]
/// @param level what lies above the tenant: the artifact of an adapter whose update is always part of the tenant's and
///     never trained with it, such as a cohort's; absent for none
/// @param privacy that hides each example; absent for none, which no other value says
public record Recipe(
        int rank,
        double alpha,
        double learningRate,
        int epochs,
        int examplesPerStep,
        int tokensPerExampleMax,
        double warmupShare,
        double weightDecay,
        double gradientNormMax,
        double dpoBeta,
        double ktoBeta,
        double preferenceWeight,
        Optional<Variant> variant,
        Optional<Ranks> ranks,
        Optional<Practice> practice,
        Optional<Losses> losses,
        Optional<Continual> continual,
        Optional<Digest> level,
        Optional<Privacy> privacy) {
    public static final Recipe DEFAULT = new Recipe(8, 16, 1e-3, 2, 8, 512, 0.1, 0.01, 1.0, 0.1, 0.1, 0.2);

    public Recipe {
        Checks.within("rank", rank, 1, 256);
        Checks.within("alpha", alpha, 1e-6, 4096);
        Checks.within("learningRate", learningRate, 1e-8, 1);
        Checks.within("epochs", epochs, 1, 100);
        Checks.within("examplesPerStep", examplesPerStep, 1, 1024);
        Checks.within("tokensPerExampleMax", tokensPerExampleMax, 16, 32_768);
        Checks.within("warmupShare", warmupShare, 0, 1);
        Checks.within("weightDecay", weightDecay, 0, 1);
        Checks.within("gradientNormMax", gradientNormMax, 1e-6, 1e6);
        Checks.within("dpoBeta", dpoBeta, 1e-4, 10);
        Checks.within("ktoBeta", ktoBeta, 1e-4, 10);
        Checks.within("preferenceWeight", preferenceWeight, 0, 100);
        variant.ifPresent(kind -> requireRank(rank, kind));
        variant = variant.filter(kind -> !kind.equals(Variant.DEFAULT));
        ranks = ranks.filter(part -> !part.equals(Ranks.DEFAULT));
        practice = practice.filter(part -> !part.equals(Practice.DEFAULT));
        losses = losses.filter(part -> !part.equals(Losses.DEFAULT));
        continual = continual.filter(part -> !part.equals(Continual.DEFAULT));
    }

    /// With every part at its default.
    public Recipe(
            int rank,
            double alpha,
            double learningRate,
            int epochs,
            int examplesPerStep,
            int tokensPerExampleMax,
            double warmupShare,
            double weightDecay,
            double gradientNormMax,
            double dpoBeta,
            double ktoBeta,
            double preferenceWeight) {
        this(
                rank,
                alpha,
                learningRate,
                epochs,
                examplesPerStep,
                tokensPerExampleMax,
                warmupShare,
                weightDecay,
                gradientNormMax,
                dpoBeta,
                ktoBeta,
                preferenceWeight,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    public Recipe withLearningRate(double value) {
        return new Recipe(
                rank,
                alpha,
                value,
                epochs,
                examplesPerStep,
                tokensPerExampleMax,
                warmupShare,
                weightDecay,
                gradientNormMax,
                dpoBeta,
                ktoBeta,
                preferenceWeight,
                variant,
                ranks,
                practice,
                losses,
                continual,
                level,
                privacy);
    }

    public Recipe withVariant(Variant value) {
        return withParts(Optional.of(value), ranks, practice, losses, continual, level, privacy);
    }

    public Recipe withRanks(Ranks value) {
        return withParts(variant, Optional.of(value), practice, losses, continual, level, privacy);
    }

    public Recipe withPractice(Practice value) {
        return withParts(variant, ranks, Optional.of(value), losses, continual, level, privacy);
    }

    public Recipe withLosses(Losses value) {
        return withParts(variant, ranks, practice, Optional.of(value), continual, level, privacy);
    }

    public Recipe withContinual(Continual value) {
        return withParts(variant, ranks, practice, losses, Optional.of(value), level, privacy);
    }

    public Recipe withLevel(Digest value) {
        return withParts(variant, ranks, practice, losses, continual, Optional.of(value), privacy);
    }

    public Recipe withPrivacy(Privacy value) {
        return withParts(variant, ranks, practice, losses, continual, level, Optional.of(value));
    }

    private Recipe withParts(
            Optional<Variant> otherVariant,
            Optional<Ranks> otherRanks,
            Optional<Practice> otherPractice,
            Optional<Losses> otherLosses,
            Optional<Continual> otherContinual,
            Optional<Digest> otherLevel,
            Optional<Privacy> otherPrivacy) {
        return new Recipe(
                rank,
                alpha,
                learningRate,
                epochs,
                examplesPerStep,
                tokensPerExampleMax,
                warmupShare,
                weightDecay,
                gradientNormMax,
                dpoBeta,
                ktoBeta,
                preferenceWeight,
                otherVariant,
                otherRanks,
                otherPractice,
                otherLosses,
                otherContinual,
                otherLevel,
                otherPrivacy);
    }

    private static void requireRank(int rank, Variant variant) {
        int least = switch (variant) {
            case Variant.AdaLora ada -> ada.targetRank();
            case Variant.DyLora dy -> dy.rankMin();
            default -> 1;
        };
        if (least > rank) {
            throw new IllegalArgumentException(
                    "targetRank and rankMin must not exceed rank " + rank + ", was " + least);
        }
    }
}
