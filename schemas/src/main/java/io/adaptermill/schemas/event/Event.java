package io.adaptermill.schemas.event;

/// Anything that is published; which topic carries it is said by [io.adaptermill.schemas.Topics].
public sealed interface Event
        permits AdapterEvaluated,
                AdapterSwapped,
                AdapterTrained,
                AdapterWithdrawn,
                BatchClosed,
                BatchReopened,
                ErasureRequested,
                FeedbackQuarantined,
                FeedbackReceived,
                FeedbackRefused,
                HoldoutAssigned,
                InferenceServed,
                PromotionAnswered,
                PromotionDecided,
                PromotionRequested,
                QuarantineAnswered,
                QuarantineRequested,
                ServingAdapter,
                ServingCandidate,
                SubjectErased,
                TenantPolicy,
                TrainingFailed,
                TrainingProgressed {}
