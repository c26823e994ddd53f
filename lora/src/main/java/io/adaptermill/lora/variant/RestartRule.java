package io.adaptermill.lora.variant;

import io.adaptermill.artifacts.LowRank;
import io.adaptermill.lora.optim.AdapterStart;
import io.adaptermill.lora.transformer.AdapterLayout.Part;
import io.adaptermill.lora.transformer.AdapterLayout.Slot;

/// ReLoRA: every so many steps the pair that was learnt is held and a new one begins, with cold moments. Nothing is
/// merged into the base, whose 4 bits could not hold it. Source: Lialin et al. 2023.
final class RestartRule implements Rule {
    private final Run run;
    private final int every;

    RestartRule(Run run, int every) {
        this.run = run;
        this.every = every;
    }

    @Override
    public void after(Step step) {
        if (step.number() % every != 0) return;
        for (Slot slot : run.weights().layout().slots()) {
            run.held()
                    .add(
                            slot,
                            new LowRank(
                                    run.weights().get(slot, Part.A),
                                    run.weights().get(slot, Part.B)));
        }
        run.weights().values().clear();
        AdapterStart.draw(run.weights(), run.seed() + step.number());
        run.moments().first().values().clear();
        run.moments().second().values().clear();
    }

    @Override
    public long age(long step) {
        return (step - 1) % every + 1;
    }
}
