package io.adaptermill.lora.variant;

import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.artifacts.merge.Truncation;
import io.adaptermill.lora.optim.RankFall;
import io.adaptermill.lora.transformer.AdapterLayout.Part;
import io.adaptermill.lora.transformer.AdapterLayout.Slot;
import java.util.Arrays;

/// Ranks that fall during a run: at each cut every module keeps the largest singular values of its update, and moments
/// begin anew in the new basis. What is cut is zero in A and in B, so that it gets no gradient and stays out.
final class FallRule implements Rule {
    private final Run run;
    private final RankFall fall;
    private long lastCut;

    FallRule(Run run, RankFall fall) {
        this.run = run;
        this.fall = fall;
    }

    @Override
    public void after(Step step) {
        int number = Math.toIntExact(step.number() - run.stepsBefore());
        boolean cut = false;
        for (Slot slot : run.weights().layout().slots()) {
            int rank = fall.after(slot.rank(), number);
            if (rank == fall.after(slot.rank(), number - 1)) continue;
            cut(slot, rank);
            cut = true;
        }
        if (!cut) return;
        lastCut = step.number();
        run.moments().first().values().clear();
        run.moments().second().values().clear();
    }

    @Override
    public long age(long step) {
        return step - lastCut;
    }

    private void cut(Slot slot, int rank) {
        LowRank kept = Truncation.to(
                rank, new LowRank(run.weights().get(slot, Part.A), run.weights().get(slot, Part.B)));
        float[] a = Arrays.copyOf(kept.a().values(), slot.rank() * slot.in());
        float[] b = new float[slot.out() * slot.rank()];
        for (int o = 0; o < slot.out(); o++) System.arraycopy(kept.b().values(), o * rank, b, o * slot.rank(), rank);
        run.weights().put(slot, Part.A, new FloatTensor(slot.rank(), slot.in(), a));
        run.weights().put(slot, Part.B, new FloatTensor(slot.out(), slot.rank(), b));
    }
}
