package io.adaptermill.lora.train;

import io.adaptermill.lora.optim.CounterRandom;
import io.adaptermill.schemas.policy.Practice;
import io.adaptermill.schemas.policy.Recipe;
import java.util.ArrayList;
import java.util.List;

/// Which lessons make which optimizer step: each epoch all of them once, in an order drawn for that epoch.
///
/// A step of several accumulated rounds is one longer step, whose mean is over all its examples; only the
/// pieces that go through the decoder together end where a round ends. So its gradient has the bits of the
/// longer step wherever rounds end where [MicroBatches] would cut anyway, and otherwise differs by the order
/// of additions.
final class StepPlan {
    private StepPlan() {}

    static List<List<Lesson>> of(List<Lesson> lessons, Recipe recipe, long seed) {
        if (recipe.privacy().isPresent()) return drawn(lessons, recipe, seed);
        int perStep = perStep(recipe);
        List<List<Lesson>> steps = new ArrayList<>();
        for (int epoch = 0; epoch < recipe.epochs(); epoch++) {
            int[] order = new CounterRandom(seed, "order of epoch " + epoch).permutation(lessons.size());
            for (int from = 0; from < order.length; from += perStep) {
                List<Lesson> step = new ArrayList<>();
                for (int i = from; i < Math.min(order.length, from + perStep); i++) {
                    step.add(lessons.get(order[i]));
                }
                steps.add(List.copyOf(step));
            }
        }
        return List.copyOf(steps);
    }

    /// Of private training: as many steps, each of which draws every lesson by itself, because what privacy costs is
    /// counted on that. A step may draw none.
    private static List<List<Lesson>> drawn(List<Lesson> lessons, Recipe recipe, long seed) {
        double rate = sampleRate(lessons.size(), recipe);
        List<List<Lesson>> steps = new ArrayList<>();
        for (int step = 1; step <= count(lessons.size(), recipe); step++) {
            CounterRandom random = new CounterRandom(seed, "draw of step " + step);
            List<Lesson> drawn = new ArrayList<>();
            for (int i = 0; i < lessons.size(); i++) {
                if ((random.bits(i) >>> 11) * 0x1p-53 < rate) drawn.add(lessons.get(i));
            }
            steps.add(List.copyOf(drawn));
        }
        return List.copyOf(steps);
    }

    /// Steps of a run on so many lessons.
    static int count(int lessons, Recipe recipe) {
        return recipe.epochs() * Math.ceilDiv(lessons, perStep(recipe));
    }

    /// Chance of each lesson to be in a private step.
    static double sampleRate(int lessons, Recipe recipe) {
        return Math.min(1, (double) perStep(recipe) / lessons);
    }

    private static int perStep(Recipe recipe) {
        return recipe.examplesPerStep() * accumulated(recipe);
    }

    /// What goes through the decoder together, in turn.
    static List<List<Lesson>> pieces(List<Lesson> step, Recipe recipe) {
        List<List<Lesson>> pieces = new ArrayList<>();
        int perRound = accumulated(recipe) == 1 ? step.size() : recipe.examplesPerStep();
        for (int from = 0; from < step.size(); from += perRound) {
            List<Lesson> round = step.subList(from, Math.min(step.size(), from + perRound));
            pieces.addAll(MicroBatches.of(round, Lesson::rows));
        }
        return List.copyOf(pieces);
    }

    private static int accumulated(Recipe recipe) {
        return recipe.practice().orElse(Practice.DEFAULT).accumulationSteps();
    }
}
