package io.adaptermill.lora.train;

import io.adaptermill.lora.optim.CounterRandom;
import io.adaptermill.schemas.policy.Recipe;
import java.util.ArrayList;
import java.util.List;

/// Which lessons make which optimizer step: each epoch all of them once, in an order drawn for that epoch.
final class StepPlan {
    private StepPlan() {}

    static List<List<Lesson>> of(List<Lesson> lessons, Recipe recipe, long seed) {
        List<List<Lesson>> steps = new ArrayList<>();
        for (int epoch = 0; epoch < recipe.epochs(); epoch++) {
            int[] order = new CounterRandom(seed, "order of epoch " + epoch).permutation(lessons.size());
            for (int from = 0; from < order.length; from += recipe.examplesPerStep()) {
                List<Lesson> step = new ArrayList<>();
                for (int i = from; i < Math.min(order.length, from + recipe.examplesPerStep()); i++) {
                    step.add(lessons.get(order[i]));
                }
                steps.add(List.copyOf(step));
            }
        }
        return List.copyOf(steps);
    }
}
