package io.adaptermill.lora.privacy;

import io.adaptermill.artifacts.PrivacyLedger;
import java.util.Map;

/// What a ledger of private steps adds up to, as (ε, δ).
///
/// Counts Rényi differential privacy, which sums over steps whatever their noise, at the whole orders 2 to 256, and
/// takes the order that gives the least ε. For a Gaussian with noise σ on examples that are each drawn with chance q:
/// `RDP(α) = ln Σ_k C(α,k) (1−q)^(α−k) q^k exp((k²−k)/2σ²) / (α−1)`, and
/// `ε = min_α RDP(α) + ln(1 − 1/α) − ln(δ α)/(α−1)`. Orders between and below would give at most a little less; what is
/// told is never too small.
///
/// Source: Mironov, Talwar and Zhang 2019, "Rényi differential privacy of the sampled Gaussian mechanism", eq. 6;
/// Balle et al. 2020, theorem 21 for ε. Checked against dp-accounting and Opacus in `RdpAccountantTest`.
public final class RdpAccountant {
    private static final int ORDER_MAX = 256;

    private RdpAccountant() {}

    /// @return 0 for an empty ledger
    public static double epsilon(PrivacyLedger ledger, double delta) {
        if (ledger.steps().isEmpty()) return 0;
        double least = Double.POSITIVE_INFINITY;
        for (int order = 2; order <= ORDER_MAX; order++) {
            double sum = 0;
            for (Map.Entry<PrivacyLedger.Step, Long> entry : ledger.steps().entrySet()) {
                sum += entry.getValue() * divergence(entry.getKey(), order);
            }
            double epsilon = sum
                    + StrictMath.log1p(-1.0 / order)
                    - (StrictMath.log(delta) + StrictMath.log(order)) / (order - 1);
            least = Math.min(least, epsilon);
        }
        return Math.max(0, least);
    }

    /// Rényi divergence of one step.
    static double divergence(PrivacyLedger.Step step, int order) {
        double q = step.sampleRate();
        double variance = step.noiseMultiplier() * step.noiseMultiplier();
        if (q == 1) return order / (2 * variance);
        double sum = Double.NEGATIVE_INFINITY;
        double binomial = 0;
        for (int k = 0; k <= order; k++) {
            double term = binomial
                    + k * StrictMath.log(q)
                    + (order - k) * StrictMath.log1p(-q)
                    + ((double) k * k - k) / (2 * variance);
            sum = logSum(sum, term);
            binomial += StrictMath.log(order - k) - StrictMath.log(k + 1.0);
        }
        return sum / (order - 1);
    }

    private static double logSum(double left, double right) {
        double most = Math.max(left, right);
        if (most == Double.NEGATIVE_INFINITY) return most;
        return most + StrictMath.log1p(StrictMath.exp(Math.min(left, right) - most));
    }
}
