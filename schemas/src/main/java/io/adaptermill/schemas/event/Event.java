package io.adaptermill.schemas.event;

/// Anything that is published; which topic carries it is said by [io.adaptermill.schemas.Topics].
public sealed interface Event
        permits AdapterEvaluated,
                AdapterSwapped,
                AdapterTrained,
                BatchClosed,
                ErasureRequested,
                FeedbackReceived,
                FeedbackRefused,
                HoldoutAssigned,
                InferenceServed,
                PromotionDecided,
                ServingAdapter,
                TenantPolicy,
                TrainingFailed,
                TrainingProgressed {}
