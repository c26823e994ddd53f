package io.adaptermill.schemas;

import io.adaptermill.schemas.event.AdapterEvaluated;
import io.adaptermill.schemas.event.AdapterSwapped;
import io.adaptermill.schemas.event.AdapterTrained;
import io.adaptermill.schemas.event.AdapterWithdrawn;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.BatchReopened;
import io.adaptermill.schemas.event.ErasureRequested;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.event.FeedbackQuarantined;
import io.adaptermill.schemas.event.FeedbackReceived;
import io.adaptermill.schemas.event.FeedbackRefused;
import io.adaptermill.schemas.event.HoldoutAssigned;
import io.adaptermill.schemas.event.InferenceServed;
import io.adaptermill.schemas.event.PromotionAnswered;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.PromotionRequested;
import io.adaptermill.schemas.event.QuarantineAnswered;
import io.adaptermill.schemas.event.QuarantineRequested;
import io.adaptermill.schemas.event.ServingAdapter;
import io.adaptermill.schemas.event.ServingCandidate;
import io.adaptermill.schemas.event.SubjectErased;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.event.TrainingFailed;
import io.adaptermill.schemas.event.TrainingProgressed;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Every topic there is, in the order of the journey: the one place where their names stand.
public final class Topics {
    /// Reprocessing a month back must stay possible for what products sent and answered.
    private static final Duration MONTH = Duration.ofDays(30);

    private static final Duration DAY = Duration.ofDays(1);

    public static final Topic<TenantPolicy> TENANT_POLICIES = compacted("tenant.policies", TenantPolicy.class);
    public static final Topic<FeedbackReceived> FEEDBACK_RECEIVED =
            kept("feedback.received", FeedbackReceived.class, MONTH);
    public static final Topic<FeedbackRefused> FEEDBACK_REFUSED =
            kept("feedback.refused", FeedbackRefused.class, MONTH);
    public static final Topic<FeedbackQuarantined> FEEDBACK_QUARANTINED =
            forever("feedback.quarantined", FeedbackQuarantined.class);
    public static final Topic<QuarantineRequested> QUARANTINE_REQUESTED =
            forever("quarantine.requested", QuarantineRequested.class);
    public static final Topic<QuarantineAnswered> QUARANTINE_ANSWERED =
            forever("quarantine.answered", QuarantineAnswered.class);
    public static final Topic<ErasureRequested> ERASURE_REQUESTED =
            kept("erasure.requested", ErasureRequested.class, MONTH);
    public static final Topic<SubjectErased> SUBJECT_ERASED = kept("subject.erased", SubjectErased.class, MONTH);
    public static final Topic<BatchReopened> BATCH_REOPENED = kept("batch.reopened", BatchReopened.class, DAY);
    public static final Topic<HoldoutAssigned> HOLDOUT_ASSIGNED = forever("holdout.assigned", HoldoutAssigned.class);
    public static final Topic<BatchClosed> BATCH_CLOSED = forever("batch.closed", BatchClosed.class);
    public static final Topic<TrainingProgressed> TRAINING_PROGRESSED =
            kept("training.progressed", TrainingProgressed.class, DAY);
    public static final Topic<AdapterTrained> ADAPTER_TRAINED = forever("adapter.trained", AdapterTrained.class);
    public static final Topic<TrainingFailed> TRAINING_FAILED = forever("training.failed", TrainingFailed.class);
    public static final Topic<AdapterEvaluated> ADAPTER_EVALUATED =
            forever("adapter.evaluated", AdapterEvaluated.class);
    public static final Topic<PromotionDecided> PROMOTION_DECIDED =
            forever("promotion.decided", PromotionDecided.class);
    public static final Topic<PromotionRequested> PROMOTION_REQUESTED =
            forever("promotion.requested", PromotionRequested.class);
    public static final Topic<PromotionAnswered> PROMOTION_ANSWERED =
            forever("promotion.answered", PromotionAnswered.class);
    public static final Topic<ServingAdapter> SERVING_ADAPTERS = compacted("serving.adapters", ServingAdapter.class);
    public static final Topic<ServingCandidate> SERVING_CANDIDATES =
            compacted("serving.candidates", ServingCandidate.class);
    public static final Topic<AdapterSwapped> ADAPTER_SWAPPED = kept("adapter.swapped", AdapterSwapped.class, MONTH);
    public static final Topic<AdapterWithdrawn> ADAPTER_WITHDRAWN =
            kept("adapter.withdrawn", AdapterWithdrawn.class, MONTH);
    public static final Topic<InferenceServed> INFERENCE_SERVED =
            kept("inference.served", InferenceServed.class, MONTH);

    public static final List<Topic<? extends Event>> ALL = List.of(
            TENANT_POLICIES,
            FEEDBACK_RECEIVED,
            FEEDBACK_REFUSED,
            FEEDBACK_QUARANTINED,
            QUARANTINE_REQUESTED,
            QUARANTINE_ANSWERED,
            ERASURE_REQUESTED,
            SUBJECT_ERASED,
            BATCH_REOPENED,
            HOLDOUT_ASSIGNED,
            BATCH_CLOSED,
            TRAINING_PROGRESSED,
            ADAPTER_TRAINED,
            TRAINING_FAILED,
            ADAPTER_EVALUATED,
            PROMOTION_DECIDED,
            PROMOTION_REQUESTED,
            PROMOTION_ANSWERED,
            SERVING_ADAPTERS,
            SERVING_CANDIDATES,
            ADAPTER_SWAPPED,
            ADAPTER_WITHDRAWN,
            INFERENCE_SERVED);

    /// Bytes that no reader understood, with the cause in headers; keyed and valued as they came.
    public static final String DEAD_LETTERS = "adaptermill.record.dead-lettered";

    /// People's keys, wrapped, each by its tenant and id; compacted, so that a tombstone takes one away for good.
    public static final String SUBJECT_KEYS = "adaptermill.subject.keys";

    private Topics() {}

    private static <E extends Event> Topic<E> kept(String suffix, Class<E> type, Duration retention) {
        return new Topic<>(suffix, type, false, Optional.of(retention));
    }

    private static <E extends Event> Topic<E> forever(String suffix, Class<E> type) {
        return new Topic<>(suffix, type, false, Optional.empty());
    }

    private static <E extends Event> Topic<E> compacted(String suffix, Class<E> type) {
        return new Topic<>(suffix, type, true, Optional.empty());
    }
}
