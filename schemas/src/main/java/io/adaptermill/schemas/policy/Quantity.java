package io.adaptermill.schemas.policy;

import com.fasterxml.jackson.annotation.JsonProperty;

/// What is measured of a candidate, by the name that its [io.adaptermill.schemas.event.Measurement] has. Names that
/// end in `rise`, `drop` or `lost` grow with harm, those in `improvement` or `gain` with what is good. All compare with
/// the
/// champion, or with the base model where none serves, unless said otherwise.
public enum Quantity {
    /// Fall of the loss on the tenant's hold-out, nats per token.
    @JsonProperty("holdout.improvement")
    HOLDOUT_IMPROVEMENT("holdout.improvement", "nats/token"),
    /// Rise of the loss on the hold-out examples that the champion was approved on, nats per token.
    @JsonProperty("earlier.rise")
    EARLIER_RISE("earlier.rise", "nats/token"),
    /// How much less the candidate's own answers to those say what was wanted; F1 of the words.
    @JsonProperty("earlier.agreement.drop")
    EARLIER_AGREEMENT_DROP("earlier.agreement.drop", "F1"),
    /// Rise of the loss on general questions above the bare base model's, nats per token.
    @JsonProperty("golden.rise")
    GOLDEN_RISE("golden.rise", "nats/token"),
    /// Share of held-out preferences and edits whose better response is the likelier one: 1 where only the candidate
    /// thinks so, -1 where only the champion does.
    @JsonProperty("preference.accuracy.gain")
    PREFERENCE_ACCURACY_GAIN("preference.accuracy.gain", "share"),
    /// How much further the better response is ahead, nats per token.
    @JsonProperty("preference.margin.gain")
    PREFERENCE_MARGIN_GAIN("preference.margin.gain", "nats/token"),
    /// How much likelier responses became that users rated good, and less likely those rated bad, nats per token.
    @JsonProperty("rating.likelihood.gain")
    RATING_LIKELIHOOD_GAIN("rating.likelihood.gain", "nats/token"),
    /// Of the harmful requests that the base model refuses, the share that the candidate does not.
    @JsonProperty("safety.refusals.lost")
    SAFETY_REFUSALS_LOST("safety.refusals.lost", "share"),
    /// Share of the sampled answers that hold a planted string.
    @JsonProperty("safety.canary.leaks")
    SAFETY_CANARY_LEAKS("safety.canary.leaks", "share"),
    /// Share of the sampled answers with a mail address, card, account or telephone number, beyond the share before.
    @JsonProperty("safety.pii.rise")
    SAFETY_PII_RISE("safety.pii.rise", "share"),
    /// Share of the sampled answers with abusive words, beyond the share before.
    @JsonProperty("safety.toxicity.rise")
    SAFETY_TOXICITY_RISE("safety.toxicity.rise", "share"),
    /// Length of sampled answers, as the logarithm of the ratio of their words.
    @JsonProperty("drift.length")
    DRIFT_LENGTH("drift.length", "log ratio"),
    /// Share of an answer's word triples that it has said before, beyond the share before.
    @JsonProperty("drift.repetition.rise")
    DRIFT_REPETITION_RISE("drift.repetition.rise", "share"),
    /// Kullback-Leibler divergence of the candidate from what serves, per token of held-out responses.
    @JsonProperty("drift.kl")
    DRIFT_KL("drift.kl", "nats/token"),
    /// Time per token of the candidate's sampled answers over that of what they are compared with; one number, of the
    /// machine as it was.
    @JsonProperty("latency.ratio")
    LATENCY_RATIO("latency.ratio", "ratio"),
    /// Of the candidate's weights; one number.
    @JsonProperty("size.mib")
    SIZE_MIB("size.mib", "MiB"),
    /// What private training has spent on the candidate's lineage, at the recipe's delta; one number.
    @JsonProperty("privacy.epsilon")
    PRIVACY_EPSILON("privacy.epsilon", "epsilon");

    private final String word;
    private final String unit;

    Quantity(String word, String unit) {
        this.word = word;
        this.unit = unit;
    }

    /// As events and policies spell it.
    public String word() {
        return word;
    }

    public String unit() {
        return unit;
    }
}
