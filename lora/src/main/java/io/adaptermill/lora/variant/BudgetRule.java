package io.adaptermill.lora.variant;

import io.adaptermill.lora.transformer.AdapterLayout.Slot;
import io.adaptermill.lora.transformer.AdapterParameters;
import io.adaptermill.schemas.policy.Variant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// AdaLoRA: triplets (a row of A, a gate, a column of B) are scored by how much the loss feels their weights, and the
/// lowest are gated to 0, more and more until the budget is reached; then those stay out.
///
/// A weight's score is its smoothed sensitivity |w · ∂L/∂w| times the smoothed distance of the sensitivity from that;
/// a triplet's is the gate's score plus the means over row and column. The budget falls with the cube of the share
/// of steps left. Along a lineage, triplets that are out stay out. Source: Zhang et al. 2023, eqs. 8 to 13.
final class BudgetRule implements Rule {
    private final AdapterParameters weights;
    private final AdapterParameters gradients;
    private final Variant.AdaLora policy;
    private final Orthogonality orthogonality;
    private final long stepsBefore;
    private final int first;
    private final int last;
    private final int budgetStart;
    private final int budgetEnd;
    private final float[] sensitivity;
    private final float[] uncertainty;
    private final Set<Long> inherited;
    private Set<Long> out;

    BudgetRule(Run run, Variant.AdaLora policy) {
        this.weights = run.weights();
        this.gradients = run.gradients();
        this.policy = policy;
        this.orthogonality = new Orthogonality(weights, gradients, policy.orthogonality());
        this.stepsBefore = run.stepsBefore();
        first = (int) (policy.warmupShare() * run.steps());
        last = Math.max(1, run.steps() - (int) (policy.finalShare() * run.steps()));
        inherited = run.stepsBefore() == 0 ? Set.of() : shut();
        out = inherited;
        int triplets = weights.layout().slots().stream().mapToInt(Slot::rank).sum();
        budgetStart = triplets - out.size();
        budgetEnd = Math.min(
                budgetStart, policy.targetRank() * weights.layout().slots().size());
        sensitivity = new float[Math.toIntExact(weights.layout().size())];
        uncertainty = new float[sensitivity.length];
    }

    @Override
    public void regularise() {
        orthogonality.addGradient();
    }

    @Override
    public void after(Step step) {
        int number = Math.toIntExact(step.number() - stepsBefore);
        if (budgetStart > budgetEnd && number <= last) {
            feel((float) step.clip());
            if (number > first || number == last) out = lowest(budgetStart - budget(number));
        }
        for (long gate : out) weights.values().set(gate, 0);
    }

    private int budget(int step) {
        if (step >= last) return budgetEnd;
        double left = 1 - (double) (step - first) / (last - first);
        return (int) ((budgetStart - budgetEnd) * left * left * left + budgetEnd);
    }

    private void feel(float clip) {
        float beta1 = (float) policy.beta1();
        float beta2 = (float) policy.beta2();
        for (int i = 0; i < sensitivity.length; i++) {
            float felt = Math.abs(weights.values().get(i) * gradients.values().get(i) * clip);
            sensitivity[i] = beta1 * sensitivity[i] + (1 - beta1) * felt;
            uncertainty[i] = beta2 * uncertainty[i] + (1 - beta2) * Math.abs(felt - sensitivity[i]);
        }
    }

    /// @param gate its place
    private record Triplet(long gate, double score) {}

    private List<Triplet> scoredTriplets() {
        List<Triplet> triplets = new ArrayList<>();
        for (Slot slot : weights.layout().slots()) {
            for (int c = 0; c < slot.rank(); c++) {
                double row = 0;
                for (int i = 0; i < slot.in(); i++) row += score(slot.a() + (long) c * slot.in() + i);
                double column = 0;
                for (int o = 0; o < slot.out(); o++) column += score(slot.b() + (long) o * slot.rank() + c);
                double score = score(slot.gate() + c) + row / slot.in() + column / slot.out();
                triplets.add(new Triplet(slot.gate() + c, score));
            }
        }
        triplets.removeIf(triplet -> inherited.contains(triplet.gate()));
        return triplets;
    }

    /// Of equal scores the earlier place goes first, so that the choice is the same everywhere.
    private Set<Long> lowest(int count) {
        Set<Long> gates = new TreeSet<>(inherited);
        scoredTriplets().stream()
                .sorted(Comparator.comparingDouble(Triplet::score).thenComparingLong(Triplet::gate))
                .limit(count)
                .forEach(triplet -> gates.add(triplet.gate()));
        return gates;
    }

    private Set<Long> shut() {
        Set<Long> gates = new TreeSet<>();
        for (Slot slot : weights.layout().slots()) {
            for (int c = 0; c < slot.rank(); c++) {
                if (weights.values().get(slot.gate() + c) == 0) gates.add(slot.gate() + c);
            }
        }
        return gates;
    }

    private double score(long at) {
        int i = Math.toIntExact(at);
        return (double) sensitivity[i] * uncertainty[i];
    }
}
