package io.adaptermill.promoter;

import io.adaptermill.promoter.promotion.Decision;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.error.ContractViolation;
import io.adaptermill.schemas.event.AdapterRef;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts decisions by outcome and writes each into the log.
@Singleton
class PromotionReporter implements PromotionListener {
    private static final Logger LOGGER = LoggerFactory.getLogger(PromotionReporter.class);

    private final MeterRegistry meters;

    PromotionReporter(MeterRegistry meters) {
        this.meters = meters;
        for (String outcome :
                new String[] {"promoted", "held", "waiting", "tried", "refused", "rolled-back", "already-decided"}) {
            count(outcome, 0);
        }
        meters.counter(Topics.DEAD_LETTERS);
    }

    @Override
    public void decided(AdapterRef candidate, Decision decision) {
        switch (decision) {
            case Decision.Promote(String reason) -> report(candidate, "promoted", reason);
            case Decision.Hold(String reason) -> report(candidate, "held", reason);
            case Decision.Await(String reason) -> report(candidate, "waiting", reason);
            case Decision.Try(var _, String reason) -> report(candidate, "tried", reason);
            case Decision.Refuse(String reason) -> report(candidate, "refused", reason);
            case Decision.RollBack(var _, String reason) -> report(candidate, "rolled-back", reason);
            case Decision.AlreadyDecided _ -> report(candidate, "already-decided", "the first decision stands");
        }
    }

    @Override
    public void unreadable(ContractViolation violation) {
        meters.counter(Topics.DEAD_LETTERS).increment();
        LOGGER.atWarn()
                .addKeyValue("topic", violation.topic())
                .addKeyValue("partition", violation.partition())
                .addKeyValue("offset", violation.offset())
                .addKeyValue("error", violation.field() + " " + violation.rule())
                .log("record dead-lettered");
    }

    private void report(AdapterRef candidate, String outcome, String reason) {
        count(outcome, 1);
        LOGGER.atInfo()
                .addKeyValue("tenant", candidate.version().tenant())
                .addKeyValue("version", candidate.version())
                .addKeyValue("outcome", outcome)
                .addKeyValue("reason", reason)
                .log("version decided");
    }

    private void count(String outcome, int by) {
        meters.counter(Topics.PROMOTION_DECIDED.name(), "outcome", outcome).increment(by);
    }
}
