package io.adaptermill.gates.candidate;

import io.adaptermill.gates.betting.Wealth;
import io.adaptermill.schemas.event.AdapterEvaluated;
import io.adaptermill.schemas.event.SeriesTest;
import io.adaptermill.schemas.event.Verdict;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.schemas.policy.GatePolicy;
import java.util.List;
import java.util.Optional;

/// A tenant's candidates as one endless series of tests, and how the error budget α is spent over them.
///
/// The k-th candidate's look l, after R approvals, is tested at level `α γ_k w_l (R + 1)`: approval needs an
/// e-value of the inverse. `γ_k = k^-1.6/ζ(1.6)` and `w_l = 0.8 · 0.2^(l−1)` each sum to at most 1, and an
/// approval earns what later tests may spend. Then, at every moment, the expected share of false approvals
/// among all approvals is at most α, however the candidates, their hold-outs and their order depend on one
/// another:
///
/// `E[Σ false/(R_end ∨ 1)] ≤ Σ E[1{e ≥ 1/α_kl}/(R + 1)] ≤ Σ E[e α_kl/(R + 1)] = Σ α γ_k w_l E[e] ≤ α`.
///
/// If no candidate is ever better, that is the chance of approving any. A function of the tenant's own
/// `adapter.evaluated` in their order, so that every level can be computed again.
///
/// Source: Xu and Ramdas 2024, "Online multiple testing with e-values" (e-LOND); here with several looks.
///
/// @param tested candidates that had enough examples to be tested
/// @param approved approvals among them
/// @param newest the candidate tested last
/// @param looks at the newest
public record CandidateSeries(long tested, long approved, Optional<VersionId> newest, int looks) {
    public static final CandidateSeries EMPTY = new CandidateSeries(0, 0, Optional.empty(), 0);

    private static final double DECAY = 1.6;
    /// Not less than ζ(1.6).
    private static final double DECAY_SUM = 2.2858;

    private static final double FIRST_LOOK = 0.8;

    /// What the next look at a candidate would be, with its evidence.
    ///
    /// @param values hold-out improvements, clipped
    /// @return absent if they are too few to decide
    Optional<SeriesTest> test(VersionId candidate, List<Double> values, GatePolicy policy) {
        if (values.size() < policy.holdoutExamplesMin()) return Optional.empty();
        boolean again = isNewest(candidate);
        long number = again ? tested : tested + 1;
        int look = again ? looks + 1 : 1;
        double evidence = Wealth.against(policy.improvementNatsMin(), values, policy.differenceNatsMax());
        return Optional.of(
                new SeriesTest(number, look, approved, level(policy.alpha(), number, look, approved), evidence));
    }

    public CandidateSeries after(AdapterEvaluated verdict) {
        if (verdict.test().isEmpty()) return this;
        boolean again = isNewest(verdict.version());
        return new CandidateSeries(
                again ? tested : tested + 1,
                verdict.verdict() == Verdict.APPROVED ? approved + 1 : approved,
                Optional.of(verdict.version()),
                again ? looks + 1 : 1);
    }

    private boolean isNewest(VersionId candidate) {
        return newest.filter(candidate::equals).isPresent();
    }

    /// In strict arithmetic, so that it is the same number on every machine.
    public static double level(double alpha, long number, int look, long approvedBefore) {
        double candidates = StrictMath.pow(number, -DECAY) / DECAY_SUM;
        double looks = FIRST_LOOK * StrictMath.pow(1 - FIRST_LOOK, look - 1.0);
        return alpha * candidates * looks * (approvedBefore + 1);
    }
}
