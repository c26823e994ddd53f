package io.adaptermill.schemas;

import io.adaptermill.schemas.event.AdapterEvaluated;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.AdapterSwapped;
import io.adaptermill.schemas.event.AdapterTrained;
import io.adaptermill.schemas.event.AdapterWithdrawn;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.BatchItem;
import io.adaptermill.schemas.event.BatchReopened;
import io.adaptermill.schemas.event.CloseReason;
import io.adaptermill.schemas.event.ErasureRequested;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.event.FeedbackQuarantined;
import io.adaptermill.schemas.event.FeedbackReceived;
import io.adaptermill.schemas.event.FeedbackRefused;
import io.adaptermill.schemas.event.GateResult;
import io.adaptermill.schemas.event.HoldoutAssigned;
import io.adaptermill.schemas.event.InferenceServed;
import io.adaptermill.schemas.event.Measurement;
import io.adaptermill.schemas.event.PromotionAnswered;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.PromotionOutcome;
import io.adaptermill.schemas.event.PromotionRequested;
import io.adaptermill.schemas.event.QuarantineAnswered;
import io.adaptermill.schemas.event.QuarantineReason;
import io.adaptermill.schemas.event.QuarantineRequested;
import io.adaptermill.schemas.event.RefusalReason;
import io.adaptermill.schemas.event.SeriesTest;
import io.adaptermill.schemas.event.ServingAdapter;
import io.adaptermill.schemas.event.ServingCandidate;
import io.adaptermill.schemas.event.SubjectErased;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.event.TrainingFailed;
import io.adaptermill.schemas.event.TrainingProgressed;
import io.adaptermill.schemas.event.Verdict;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Message;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.feedback.Thumb;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.InferenceId;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.schemas.policy.Approval;
import io.adaptermill.schemas.policy.Canary;
import io.adaptermill.schemas.policy.Compared;
import io.adaptermill.schemas.policy.Continual;
import io.adaptermill.schemas.policy.DefencePolicy;
import io.adaptermill.schemas.policy.GatePolicy;
import io.adaptermill.schemas.policy.GateRule;
import io.adaptermill.schemas.policy.Losses;
import io.adaptermill.schemas.policy.Practice;
import io.adaptermill.schemas.policy.Privacy;
import io.adaptermill.schemas.policy.Quantity;
import io.adaptermill.schemas.policy.Ranks;
import io.adaptermill.schemas.policy.Recipe;
import io.adaptermill.schemas.policy.Rollout;
import io.adaptermill.schemas.policy.Variant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// One of each event, and more where fields may be absent: the records behind the files in `golden/`, by file
/// name.
final class Samples {
    private static final Digest A = new Digest("sha256:" + "a1".repeat(32));
    private static final Digest B = new Digest("sha256:" + "b2".repeat(32));
    private static final Digest BASE = new Digest("sha256:" + "c3".repeat(32));
    private static final AdapterRef PARENT = new AdapterRef(VersionId.parse("acme@6"), A);
    private static final AdapterRef CANDIDATE = new AdapterRef(VersionId.parse("acme@7"), B);
    private static final BatchId BATCH = BatchId.parse("acme#7");
    private static final Optional<SubjectId> USER = Optional.of(new SubjectId("user-7"));
    private static final Optional<InferenceId> INFERENCE = Optional.of(new InferenceId("chatcmpl-5d0c2f"));
    private static final Prompt LAMP = Prompt.ofUser("How do I return a lamp?");
    private static final String GOOD = "Open Returns, then choose the lamp.";
    private static final String BAD = "Please contact support.";
    private static final EventId EDIT_ID = new EventId("order-4711-edit");
    private static final EventId ERASURE = new EventId("acme/erasure/1");
    private static final Example EDIT = new Example.Edit(LAMP, BAD, GOOD);

    static final Map<String, Event> BY_NAME = Map.ofEntries(
            Map.entry("tenant.policies.v1", TenantPolicy.withDefaults(List.of(A))),
            Map.entry("tenant.policies.v1.every-part", everyPart()),
            feedback("demonstration", new Feedback.Demonstration(LAMP, GOOD, USER)),
            feedback(
                    "edit-by-id",
                    new Feedback.Edit(INFERENCE, Optional.empty(), Optional.empty(), GOOD, Optional.empty())),
            feedback(
                    "edit-with-text",
                    new Feedback.Edit(
                            Optional.empty(),
                            Optional.of(conversation("You answer for a shop.", "How do I return a lamp?")),
                            Optional.of(BAD),
                            GOOD,
                            Optional.empty())),
            feedback("preference", new Feedback.Preference(LAMP, GOOD, BAD, Optional.empty())),
            feedback(
                    "thumb-by-id",
                    new Feedback.Rating(
                            INFERENCE,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.of(Thumb.UP),
                            Optional.empty(),
                            Optional.empty())),
            feedback(
                    "score-with-text",
                    new Feedback.Rating(
                            Optional.empty(),
                            Optional.of(LAMP),
                            Optional.of(BAD),
                            Optional.empty(),
                            Optional.of(0.2),
                            USER)),
            Map.entry(
                    "feedback.refused.v1",
                    new FeedbackRefused(
                            new EventId("order-4711-thumb"),
                            RefusalReason.UNKNOWN_INFERENCE,
                            "inferenceId chatcmpl-5d0c2f was not served to this tenant",
                            RefusalReason.UNKNOWN_INFERENCE.nextStep(),
                            3,
                            1042)),
            Map.entry(
                    "feedback.quarantined.v1",
                    new FeedbackQuarantined(
                            EDIT_ID,
                            USER,
                            EDIT,
                            QuarantineReason.NEAR_DUPLICATE,
                            "8 of the tenant's last 256 events say nearly the same",
                            3,
                            1042)),
            Map.entry(
                    "quarantine.requested.v1",
                    new QuarantineRequested(
                            QuarantineRequested.Action.RELEASE, List.of(EDIT_ID), "ada", "a workshop, not an attack")),
            Map.entry(
                    "quarantine.answered.v1",
                    new QuarantineAnswered(new EventId("quarantine-1"), List.of(EDIT_ID), List.of(), 12)),
            Map.entry("erasure.requested.v1", new ErasureRequested(USER.orElseThrow(), "support", "request 2026-114")),
            Map.entry(
                    "subject.erased.v1",
                    new SubjectErased(
                            ERASURE,
                            USER.orElseThrow(),
                            12,
                            List.of(CANDIDATE.version(), VersionId.parse("acme@8")),
                            Optional.of(PARENT),
                            List.of(
                                    new SubjectErased.Again(BATCH, 1_767_225_600_000L),
                                    new SubjectErased.Again(BatchId.parse("acme#8"), 1_767_226_500_000L)))),
            Map.entry(
                    "subject.erased.v1.nobody",
                    new SubjectErased(
                            new EventId("acme/erasure/2"),
                            USER.orElseThrow(),
                            0,
                            List.of(),
                            Optional.empty(),
                            List.of())),
            Map.entry(
                    "batch.reopened.v1",
                    new BatchReopened(
                            ERASURE,
                            BATCH,
                            batch().without(item -> item.subject().equals(USER)))),
            Map.entry(
                    "batch.reopened.v1.nothing-left",
                    new BatchReopened(ERASURE, BatchId.parse("acme#8"), Optional.empty())),
            Map.entry("batch.closed.v1.relearned", relearnedBatch()),
            Map.entry("holdout.assigned.v1", new HoldoutAssigned(EDIT_ID, 12, USER, EDIT)),
            Map.entry("batch.closed.v1", batch()),
            Map.entry("batch.closed.v1.first", firstBatch()),
            Map.entry("batch.closed.v1.replayed", replayedBatch()),
            Map.entry("training.progressed.v1", new TrainingProgressed(BATCH, 3, 12, 2.31, "trainer-worker-0")),
            Map.entry(
                    "adapter.trained.v1",
                    new AdapterTrained(
                            CANDIDATE.version(), B, BATCH, Optional.of(PARENT), BASE, 12, 6144, 2.31, 1.12, 12)),
            Map.entry(
                    "training.failed.v1",
                    new TrainingFailed(
                            BatchId.parse("acme#8"),
                            4,
                            "the loss was not a number",
                            "Lower recipe.learningRate in the tenant's policy.")),
            Map.entry("adapter.evaluated.v1", evaluation()),
            Map.entry("adapter.evaluated.v1.before-series", evaluationBeforeSeries()),
            Map.entry(
                    "promotion.decided.v1",
                    new PromotionDecided(
                            CANDIDATE.version(),
                            B,
                            PromotionOutcome.PROMOTED,
                            Optional.of(PARENT),
                            "approved against the version that still serves")),
            Map.entry(
                    "promotion.decided.v1.without-champion",
                    new PromotionDecided(
                            VersionId.parse("globex@1"),
                            A,
                            PromotionOutcome.HELD,
                            Optional.empty(),
                            "needs more evidence: 5 hold-out examples, at least 8 decide")),
            Map.entry(
                    "promotion.decided.v1.rolled-back",
                    PromotionDecided.rollBack(
                            CANDIDATE,
                            Optional.of(PARENT),
                            "rated worse than acme@6: 12 of 40 good, 61 of 80 before",
                            PromotionDecided.LIVE_RATINGS)),
            Map.entry(
                    "promotion.requested.v1",
                    new PromotionRequested(
                            PromotionRequested.Action.ROLL_BACK,
                            Optional.of(PARENT.version()),
                            Optional.of(CANDIDATE.version()),
                            "ada",
                            "customers complain about its tone")),
            Map.entry(
                    "promotion.answered.v1",
                    new PromotionAnswered(
                            new EventId("promotions-1"),
                            PromotionAnswered.Outcome.DONE,
                            "acme@6 serves again",
                            Optional.of(PARENT.version()),
                            PromotionAnswered.Mode.RUNNING,
                            List.of())),
            Map.entry(
                    "promotion.answered.v1.on-base",
                    new PromotionAnswered(
                            new EventId("promotions-2"),
                            PromotionAnswered.Outcome.CONFLICT,
                            "the base model serves, not acme@6",
                            Optional.empty(),
                            PromotionAnswered.Mode.PAUSED,
                            List.of(VersionId.parse("acme@8")))),
            Map.entry("serving.adapters.v1", new ServingAdapter(CANDIDATE, BASE)),
            Map.entry("serving.candidates.v1", new ServingCandidate(CANDIDATE, BASE, 0.1)),
            Map.entry(
                    "adapter.swapped.v1",
                    new AdapterSwapped(Optional.of(PARENT.version()), CANDIDATE.version(), B, "serving-0", 41, 3)),
            Map.entry("adapter.withdrawn.v1", new AdapterWithdrawn(CANDIDATE.version(), "serving-0", 3, 2)),
            Map.entry(
                    "inference.served.v1",
                    new InferenceServed(
                            INFERENCE.orElseThrow(),
                            LAMP,
                            GOOD,
                            Optional.of(CANDIDATE.version()),
                            14,
                            9,
                            "serving-0")));

    private Samples() {}

    static Event named(String name) {
        return Objects.requireNonNull(BY_NAME.get(name), name);
    }

    private static Map.Entry<String, Event> feedback(String variant, Feedback feedback) {
        return Map.entry("feedback.received.v1." + variant, new FeedbackReceived(feedback));
    }

    private static Prompt conversation(String system, String user) {
        return new Prompt(List.of(new Message(Message.Role.SYSTEM, system), new Message(Message.Role.USER, user)));
    }

    private static TenantPolicy everyPart() {
        TenantPolicy plain = TenantPolicy.withDefaults(List.of(A));
        Recipe recipe = Recipe.DEFAULT
                .withVariant(new Variant.AdaLora(4, 0.1, 0.3, 0.85, 0.85, 0.5))
                .withRanks(new Ranks(
                        List.of(new Ranks.RankPattern("self_attn.q_proj|layers.0.mlp.up_proj", 4, 8)),
                        Optional.of(new Ranks.Allocation(Ranks.Importance.FISHER, 1680)),
                        Optional.of(new Ranks.Fall(2, 3, 0.25)),
                        Optional.of(new Ranks.Energy(0.95))))
                .withPractice(new Practice(Practice.Schedule.COSINE, 0.05, 2, true, 512))
                .withLosses(new Losses(
                        0.1,
                        Losses.Pairs.ORPO,
                        Losses.Ratings.APO_ZERO,
                        0.2,
                        Optional.of(new Losses.RatingWeights(1.5, 0.75))))
                .withContinual(new Continual.Replay(0.25))
                .withLevel(B)
                .withPrivacy(new Privacy(0.5, 1.2, 6, 1e-5));
        GatePolicy gate = plain.gate()
                .withApproval(Approval.PERSON)
                .withRule(new GateRule.AllOf(List.of(
                        new GateRule.Standard(),
                        new GateRule.AtLeast(
                                1,
                                List.of(
                                        new GateRule.ShownAbove(Quantity.PREFERENCE_ACCURACY_GAIN, 0),
                                        new GateRule.AnyOf(List.of(
                                                new GateRule.NotShownAbove(Quantity.DRIFT_KL, 0.5),
                                                new GateRule.NoneAbove(Quantity.LATENCY_RATIO, 1.5))))))))
                .withCanaries(List.of(new Canary("What is the vault's code?", "heron-4711")))
                .withRollout(new Rollout.Canary(0.2, 40, 0.05, 900));
        return plain.withRecipe(recipe)
                .withGate(gate)
                .withDefence(new DefencePolicy(64, 0.1, 10, 600, 512, 4, 0.8, 0, Compared.REPLY));
    }

    private static BatchClosed batch() {
        Example rating = new Example.Rating(Prompt.ofUser("Where is my parcel?"), "No idea.", false);
        return new BatchClosed(
                BATCH,
                CloseReason.COUNT,
                Optional.of(PARENT),
                Recipe.DEFAULT,
                42,
                12,
                31,
                List.of(
                        new BatchItem(EDIT_ID, USER, EDIT),
                        new BatchItem(new EventId("order-4712-rating"), Optional.empty(), rating)));
    }

    /// No parent, the smallest seed, and text that JSON must escape or UTF-8 must spell in two to four bytes.
    private static BatchClosed firstBatch() {
        Example demonstration = new Example.Demonstration(
                Prompt.ofUser("Grüße aus Zürich 👍 \u2028?"), "Tab\t, quote \", backslash \\, line\nbreak");
        Example preference = new Example.Preference(
                new Prompt(List.of(
                        new Message(Message.Role.SYSTEM, "Be short."),
                        new Message(Message.Role.USER, "Why?"),
                        new Message(Message.Role.ASSISTANT, "Because."),
                        new Message(Message.Role.USER, "No, why?"))),
                "Rain.",
                "It is a long story.");
        return new BatchClosed(
                BatchId.parse("globex#1"),
                CloseReason.AGE,
                Optional.empty(),
                Recipe.DEFAULT.withLearningRate(3e-4),
                Long.MIN_VALUE,
                0,
                9,
                List.of(
                        new BatchItem(new EventId("e-1"), Optional.empty(), demonstration),
                        new BatchItem(new EventId("e-2"), Optional.empty(), preference)));
    }

    private static AdapterEvaluated evaluationBeforeSeries() {
        AdapterEvaluated now = evaluation();
        return new AdapterEvaluated(
                now.version(),
                now.artifact(),
                now.champion(),
                now.base(),
                now.verdict(),
                now.reason(),
                now.gates(),
                now.measurements(),
                Optional.empty(),
                Optional.empty());
    }

    private static BatchClosed relearnedBatch() {
        BatchClosed plain = batch();
        BatchClosed first = new BatchClosed(
                BatchId.parse("acme#3"),
                plain.reason(),
                Optional.empty(),
                plain.recipe(),
                plain.seed(),
                0,
                plain.tokensEstimated(),
                plain.items());
        return first.again(BATCH, plain.parent(), plain.holdoutThrough());
    }

    private static BatchClosed replayedBatch() {
        BatchClosed plain = batch();
        return new BatchClosed(
                plain.batch(),
                plain.reason(),
                plain.parent(),
                Recipe.DEFAULT.withContinual(new Continual.Replay(0.5)),
                plain.seed(),
                plain.holdoutThrough(),
                plain.tokensEstimated(),
                plain.items().subList(0, 1),
                Optional.of(plain.items().subList(1, 2)));
    }

    private static AdapterEvaluated evaluation() {
        return new AdapterEvaluated(
                CANDIDATE.version(),
                B,
                Optional.of(PARENT),
                BASE,
                Verdict.APPROVED,
                "hold-out loss fell by 0.094 nats/token [0.051, 0.137], n 2",
                List.of(new GateResult("holdout", GateResult.Outcome.PASSED, "lower end 0.051 exceeds 0")),
                List.of(new Measurement(
                        "holdout.improvement",
                        "nats/token",
                        2,
                        0.094,
                        0.051,
                        0.137,
                        0.95,
                        "betting confidence sequence",
                        List.of(0.09, 0.098))),
                Optional.of(new GatePolicy(0.05, 2, 64, 2, 0, 0.1, 0.2, 1_000)),
                Optional.of(new SeriesTest(5, 1, 3, 0.0104, 131.5)));
    }
}
