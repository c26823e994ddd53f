package io.adaptermill.lora.train;

import io.adaptermill.lora.Assignment;
import io.adaptermill.lora.TrainingOutcome;
import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.transformer.Decoder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Several batches in training at once, which share their passes through the base: the frozen weights are read, widened
/// and multiplied once for all of them.
///
/// Each gets the bits that it would get alone: its thin products, sums and updates are its own, and the base's products
/// treat each row by itself. Batches begin in their order, a few at a time; those that wait longest for a pass come
/// first. Nothing runs but inside [#await], on the caller's thread or, by turns, on the batches' own.
public final class SharedTraining implements AutoCloseable {
    /// Batches under way at once: each holds four numbers for every trained one.
    private static final int RUNS_MAX = 8;

    private final Kernels kernels;
    private final Decoder decoder;
    private final List<Run> runs = new ArrayList<>();
    private final PassQueue<Run> queue = new PassQueue<>(MicroBatches.TOKENS_MAX);
    private int begun;
    private int underWay;

    SharedTraining(BatchTrainer trainer, List<Assignment> assignments, Kernels kernels, Decoder decoder) {
        this.kernels = kernels;
        this.decoder = decoder;
        for (Assignment assignment : assignments) runs.add(new Run(trainer, assignment, kernels));
    }

    /// One batch, on a coroutine of its own.
    private static final class Run {
        private final Coroutine<PassRequest> coroutine;
        private @Nullable TrainingOutcome outcome;

        Run(BatchTrainer trainer, Assignment assignment, Kernels kernels) {
            TenantPasses passes = new TenantPasses(this::ask);
            coroutine = new Coroutine<>("batch", () -> outcome = trainer.train(assignment, passes, kernels));
        }

        private void ask(PassRequest request) {
            coroutine.ask(request);
        }

        TrainingOutcome outcome() {
            Throwable failure = coroutine.failure().orElse(null);
            if (failure instanceof RuntimeException exception) throw exception;
            if (failure instanceof Error error) throw error;
            if (outcome == null) throw new IllegalStateException("this batch was closed before its end");
            return outcome;
        }
    }

    /// Trains until this batch has ended; others go on meanwhile and may end too.
    ///
    /// @param index of its assignment
    /// @return how it ended; throws what its progress threw, each time it is asked
    public TrainingOutcome await(int index) {
        Run wanted = runs.get(index);
        while (!wanted.coroutine.isEnded()) {
            begin();
            if (!queue.isEmpty()) pass();
        }
        return wanted.outcome();
    }

    /// Ends what has not ended yet and gives all memory back.
    @Override
    public void close() {
        for (Run run : runs) run.coroutine.close();
        decoder.close();
        kernels.close();
    }

    private void begin() {
        while (begun < runs.size() && underWay < RUNS_MAX) {
            underWay++;
            resume(runs.get(begun++));
        }
    }

    private void pass() {
        List<PassQueue.Waiting<Run>> together = queue.next();
        try {
            run(together);
        } catch (RuntimeException e) {
            together.forEach(waiting -> waiting.request().answer().fail(e));
        }
        together.forEach(waiting -> resume(waiting.who()));
    }

    private void run(List<PassQueue.Waiting<Run>> together) {
        switch (together.getFirst().request()) {
            case PassRequest.Learn _ -> learn(together);
            case PassRequest.Score _ -> score(together);
            case PassRequest.Anchored(var batch, var adapter, var anchor, var weigher, var gradients, var answer) ->
                answer.put(decoder.learn(batch, adapter, anchor, weigher, gradients));
        }
    }

    private void learn(List<PassQueue.Waiting<Run>> together) {
        List<PassRequest.Learn> requests = together.stream()
                .map(waiting -> (PassRequest.Learn) waiting.request())
                .toList();
        List<double[]> nats =
                decoder.learn(requests.stream().map(PassRequest.Learn::pass).toList());
        for (int i = 0; i < requests.size(); i++) requests.get(i).answer().put(nats.get(i));
    }

    private void score(List<PassQueue.Waiting<Run>> together) {
        List<PassRequest.Score> requests = together.stream()
                .map(waiting -> (PassRequest.Score) waiting.request())
                .toList();
        List<double[]> nats =
                decoder.score(requests.stream().map(PassRequest.Score::pass).toList());
        for (int i = 0; i < requests.size(); i++) requests.get(i).answer().put(nats.get(i));
    }

    private void resume(Run run) {
        run.coroutine.resume().ifPresentOrElse(request -> queue.add(run, request), () -> underWay--);
    }
}
