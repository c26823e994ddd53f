package io.adaptermill.serving;

import io.adaptermill.kafka.EventIds;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.AdapterSwapped;
import io.adaptermill.schemas.event.AdapterWithdrawn;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.serving.runtime.SwapListener;
import io.adaptermill.serving.swap.Retired;
import io.adaptermill.serving.swap.SwapStep;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the log, the metrics, `adapter.swapped` and, for a return to the base model, `adapter.withdrawn` what swaps
/// did.
final class SwapReporter implements SwapListener {
    private static final Logger LOGGER = LoggerFactory.getLogger(SwapReporter.class);

    private final EventSink events;
    private final ServingMetrics metrics;
    private final String replica;
    private final AtomicLong swaps = new AtomicLong();
    private final AtomicInteger loaded = new AtomicInteger();

    SwapReporter(EventSink events, ServingMetrics metrics, String replica) {
        this.events = events;
        this.metrics = metrics;
        this.replica = replica;
    }

    int loadedCount() {
        return loaded.get();
    }

    @Override
    public void loaded(AdapterRef adapter) {
        loaded.incrementAndGet();
    }

    @Override
    public void unloaded(AdapterRef adapter) {
        loaded.decrementAndGet();
        LOGGER.atInfo().addKeyValue("version", adapter.version()).log("adapter unloaded");
    }

    @Override
    public void activated(TenantId tenant, Retired swap, Duration took) {
        metrics.swapped(tenant, took);
        LOGGER.atInfo()
                .addKeyValue("tenant", tenant)
                .addKeyValue("version", swap.successor().label())
                .addKeyValue("from", swap.served().label())
                .addKeyValue("millis", took.toMillis())
                .log("adapter swapped");
    }

    @Override
    public void drained(TenantId tenant, Retired swap, Duration took, int requestsDrained) {
        String happening = "swapped/" + replica + "/" + swaps.incrementAndGet();
        swap.successor()
                .adapter()
                .ifPresentOrElse(
                        to -> swapped(tenant, swap.served().version(), to, took, requestsDrained, happening),
                        () -> swap.served()
                                .version()
                                .ifPresent(from -> withdrawn(tenant, from, took, requestsDrained, happening)));
    }

    private void swapped(
            TenantId tenant,
            Optional<VersionId> from,
            AdapterRef to,
            Duration took,
            int requestsDrained,
            String happening) {
        AdapterSwapped event =
                new AdapterSwapped(from, to.version(), to.artifact(), replica, took.toMillis(), requestsDrained);
        events.publish(Topics.ADAPTER_SWAPPED, tenant, EventIds.of(to.version(), happening), event);
    }

    private void withdrawn(TenantId tenant, VersionId from, Duration took, int requestsDrained, String happening) {
        AdapterWithdrawn event = new AdapterWithdrawn(from, replica, took.toMillis(), requestsDrained);
        events.publish(Topics.ADAPTER_WITHDRAWN, tenant, EventIds.of(from, happening), event);
    }

    @Override
    public void failed(TenantId tenant, SwapStep step, RuntimeException cause, boolean givenUp) {
        metrics.swapFailed(tenant, step);
        LOGGER.atWarn()
                .addKeyValue("tenant", tenant)
                .addKeyValue("step", step.getClass().getSimpleName())
                .addKeyValue("error", cause.getMessage())
                .log(
                        givenUp
                                ? "swap given up until the pointer moves; the version before goes on answering"
                                : "swap failed and will be tried again; the version before goes on answering");
        LOGGER.atDebug().setCause(cause).log("the failed swap's stack trace");
    }
}
