package io.adaptermill.evaluator;

import io.adaptermill.schemas.event.Verdict;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.function.Supplier;

/// One timer for judging and one counter a verdict; no tenant in a label.
final class EvaluatorMetrics {
    private final MeterRegistry registry;
    private final Timer evaluation;

    EvaluatorMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.evaluation = Timer.builder("adaptermill.evaluation").register(registry);
    }

    <T> T timed(Supplier<T> work) {
        return evaluation.record(work);
    }

    void judged(Verdict verdict) {
        registry.counter(
                        "adaptermill.adapter.evaluated",
                        "verdict",
                        verdict.name().toLowerCase(Locale.ROOT))
                .increment();
    }
}
