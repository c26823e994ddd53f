package io.adaptermill.lora.continual;

import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.transformer.AdapterParameters;

/// Elastic weight consolidation: `λ/2 · Σ F_i (θ_i − θ*_i)²` over all weights of the adapter.
///
/// θ* is the parent, F the diagonal Fisher information summed over the lineage's batches so far, so that one
/// anchor serves any number of them. Source: Kirkpatrick et al. 2017, eq. 3; one anchor as in Huszár 2018.
///
/// @param parent θ*
/// @param importance F
/// @param strength λ
public record ElasticWeights(AdapterParameters parent, AdapterParameters importance, double strength)
        implements Penalty {
    @Override
    public double pull(AdapterParameters weights, AdapterParameters gradients) {
        Tensor now = weights.values();
        Tensor then = parent.values();
        Tensor fisher = importance.values();
        Tensor sums = gradients.values();
        double cost = 0;
        for (long i = 0; i < now.elements(); i++) {
            double away = (double) now.get(i) - then.get(i);
            double slope = strength * fisher.get(i) * away;
            cost += slope * away / 2;
            sums.set(i, (float) (sums.get(i) + slope));
        }
        return cost;
    }

    @Override
    public void settle(AdapterParameters weights) {
        // a pull is all
    }
}
