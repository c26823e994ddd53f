package io.adaptermill.serving;

import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.serving.runtime.SwapListener;
import io.adaptermill.serving.swap.Retired;
import io.adaptermill.serving.swap.SwapStep;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What candidates do is told to the log and the metrics only: what serves stays what it was.
record CandidateReporter(SwapReporter reporter) implements SwapListener {
    private static final Logger LOGGER = LoggerFactory.getLogger(CandidateReporter.class);

    @Override
    public void loaded(AdapterRef adapter) {
        reporter.loaded(adapter);
    }

    @Override
    public void unloaded(AdapterRef adapter) {
        reporter.unloaded(adapter);
    }

    @Override
    public void activated(TenantId tenant, Retired swap, Duration took) {
        LOGGER.atInfo()
                .addKeyValue("tenant", tenant)
                .addKeyValue(
                        "candidate",
                        swap.successor().version().map(Object::toString).orElse("none"))
                .addKeyValue("millis", took.toMillis())
                .log("candidate changed");
    }

    @Override
    public void drained(TenantId tenant, Retired swap, Duration took, int requestsDrained) {}

    @Override
    public void failed(TenantId tenant, SwapStep step, RuntimeException cause, boolean givenUp) {
        reporter.failed(tenant, step, cause, givenUp);
    }
}
