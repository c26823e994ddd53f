package io.adaptermill.serving;

import io.adaptermill.lora.generate.GenerationResult;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.serving.swap.SwapStep;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;

/// What serving counts and times, under the names of its topics.
public final class ServingMetrics {
    private final MeterRegistry registry;

    public ServingMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /// Timed from the request's arrival.
    public void firstText(Duration took) {
        Timer.builder("adaptermill.serving.first.text")
                .publishPercentiles(0.5, 0.99)
                .register(registry)
                .record(took);
    }

    public void answered(String owner, GenerationResult result, Duration took) {
        Timer.builder(Topics.INFERENCE_SERVED.name())
                .tag("owner", owner)
                .publishPercentiles(0.5, 0.99)
                .register(registry)
                .record(took);
        registry.counter("adaptermill.serving.prompt.tokens").increment(result.promptTokens());
        registry.counter("adaptermill.serving.completion.tokens").increment(result.completionTokens());
    }

    /// @param code of the problem sent back
    public void refused(String code) {
        registry.counter("adaptermill.serving.refused", "code", code).increment();
    }

    /// Events that could not be published and are gone.
    public void dropped(String topic) {
        registry.counter("adaptermill.serving.events.dropped", "topic", topic).increment();
    }

    void unreadable(String topic) {
        registry.counter("adaptermill.serving.records.unreadable", "topic", topic)
                .increment();
    }

    void swapped(TenantId tenant, Duration took) {
        registry.timer(Topics.ADAPTER_SWAPPED.name(), "tenant", tenant.value()).record(took);
    }

    void swapFailed(TenantId tenant, SwapStep step) {
        String name = step.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        registry.counter("adaptermill.serving.swap.failures", "tenant", tenant.value(), "step", name)
                .increment();
    }

    /// Holds on to the supplier: a weakly held one would soon read NaN.
    void gauge(String name, Supplier<Number> value) {
        Gauge.builder("adaptermill.serving." + name, value)
                .strongReference(true)
                .register(registry);
    }
}
