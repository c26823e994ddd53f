package io.adaptermill.lora.continual;

import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.transformer.AdapterLayout.Slot;
import io.adaptermill.lora.transformer.AdapterParameters;

/// Orthogonal low-rank adaptation: the ranks of earlier batches stay as they are, those of this one are
/// pulled out of their way, `λ · Σ |A_past A_newᵀ|` over all modules.
///
/// An adapter of rank R holds the parent's ranks first and then its own, so past and new updates are summed,
/// as in the paper, and served as one adapter. Source: Wang et al. 2023, eq. 8, with the absolute values of
/// the authors' code.
///
/// @param parent what the first ranks hold, in the grown layout
/// @param frozen how many ranks are the parent's
/// @param strength λ
public record OrthogonalRanks(AdapterParameters parent, int frozen, double strength) implements Penalty {
    @Override
    public double pull(AdapterParameters weights, AdapterParameters gradients) {
        double cost = 0;
        for (Slot slot : weights.layout().slots()) {
            clear(slot, gradients.values());
            for (int fresh = frozen; fresh < slot.rank(); fresh++) {
                for (int past = 0; past < frozen; past++) {
                    cost += pull(slot, past, fresh, weights.values(), gradients.values());
                }
            }
        }
        return cost;
    }

    @Override
    public void settle(AdapterParameters weights) {
        for (Slot slot : weights.layout().slots()) {
            for (long i = slot.a(); i < slot.a() + (long) frozen * slot.in(); i++) restore(weights.values(), i);
            for (int out = 0; out < slot.out(); out++) {
                long row = slot.b() + (long) out * slot.rank();
                for (long i = row; i < row + frozen; i++) restore(weights.values(), i);
            }
        }
    }

    private void restore(Tensor weights, long at) {
        weights.set(at, parent.values().get(at));
    }

    private void clear(Slot slot, Tensor gradients) {
        for (long i = slot.a(); i < slot.a() + (long) frozen * slot.in(); i++) gradients.set(i, 0);
        for (int out = 0; out < slot.out(); out++) {
            long row = slot.b() + (long) out * slot.rank();
            for (long i = row; i < row + frozen; i++) gradients.set(i, 0);
        }
    }

    private double pull(Slot slot, int past, int fresh, Tensor weights, Tensor gradients) {
        long pastRow = slot.a() + (long) past * slot.in();
        long freshRow = slot.a() + (long) fresh * slot.in();
        double overlap = 0;
        for (int j = 0; j < slot.in(); j++) overlap += (double) weights.get(pastRow + j) * weights.get(freshRow + j);
        double slope = strength * Math.signum(overlap);
        for (int j = 0; j < slot.in(); j++) {
            double sum = gradients.get(freshRow + j) + slope * weights.get(pastRow + j);
            gradients.set(freshRow + j, (float) sum);
        }
        return strength * Math.abs(overlap);
    }
}
