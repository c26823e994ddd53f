package io.adaptermill.trainer;

import io.adaptermill.schemas.Topics;
import io.adaptermill.trainer.training.TrainingResult;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.function.Supplier;

/// One counter and one timer per journey step, named after its topic; no tenant in a label.
final class TrainerMetrics {
    private final Timer training;
    private final Counter trained;
    private final Counter failed;
    private final Counter steps;
    private final Counter tokens;

    TrainerMetrics(MeterRegistry registry) {
        training = Timer.builder("adaptermill.training").register(registry);
        trained = Counter.builder(Topics.ADAPTER_TRAINED.name()).register(registry);
        failed = Counter.builder(Topics.TRAINING_FAILED.name()).register(registry);
        steps = Counter.builder("adaptermill.training.steps").register(registry);
        tokens = Counter.builder("adaptermill.training.tokens").register(registry);
    }

    <T> T timed(Supplier<T> work) {
        return training.record(work);
    }

    void stepped() {
        steps.increment();
    }

    void ended(TrainingResult result) {
        switch (result) {
            case TrainingResult.Stored stored -> {
                trained.increment();
                tokens.increment(stored.stats().tokens());
            }
            case TrainingResult.Failed _ -> failed.increment();
        }
    }
}
