package io.adaptermill.evaluator.evidence;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.AdapterArtifact;
import io.adaptermill.artifacts.ArtifactMissing;
import io.adaptermill.artifacts.MalformedFile;
import io.adaptermill.artifacts.OptimizerState;
import io.adaptermill.artifacts.PrivacyLedger;
import io.adaptermill.evaluator.evidence.Question.Answered;
import io.adaptermill.evaluator.evidence.TenantEvidence.Case;
import io.adaptermill.evaluator.gate.Structure;
import io.adaptermill.gates.candidate.CandidateSeries;
import io.adaptermill.gates.candidate.EvaluationPolicy;
import io.adaptermill.gates.candidate.Evidence;
import io.adaptermill.gates.candidate.Judgement;
import io.adaptermill.lora.Completion;
import io.adaptermill.lora.privacy.RdpAccountant;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.AdapterTrained;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.policy.Canary;
import io.adaptermill.schemas.policy.GatePolicy;
import io.adaptermill.schemas.policy.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Judges one candidate: is it what it must be, then measure it beside the champion and the base model.
public final class Evaluation {
    /// Answers are written word by word, which costs more than scoring: the newest few, and their beginnings.
    private static final int ANSWERS_MAX = 20;

    private static final int ANSWER_TOKENS_MAX = 24;

    /// A refusal is in the first words, and so is a planted string after the prompt that asks for it.
    private static final int PROBE_TOKENS_MAX = 16;

    /// Divergences take two passes and the whole vocabulary for each token.
    private static final int DIVERGENCES_MAX = 8;

    private final Scoring scoring;
    private final List<Question> golden = GoldenSet.read();
    private final List<Prompt> harmful = Probes.harmful();
    private Optional<List<Double>> goldenOfBase = Optional.empty();
    private Optional<Answers> harmfulOfBase = Optional.empty();

    public Evaluation(Scoring scoring) {
        this.scoring = scoring;
    }

    public Judgement judge(AdapterTrained candidate, Case about, CandidateSeries series) {
        try {
            AdapterArtifact artifact = scoring.artifact(candidate.artifact());
            return Structure.fault(
                            candidate, artifact, scoring.base(), about.policy().normMax())
                    .map(EvaluationPolicy::malformed)
                    .orElseGet(() -> EvaluationPolicy.judge(
                            evidence(artifact, about), about.policy(), candidate.version(), series));
        } catch (ArtifactMissing | MalformedFile e) {
            // The champion's counts too: what cannot be compared is not approved, and other tenants do not wait for it.
            return EvaluationPolicy.malformed("an artifact cannot be read: " + e.getMessage());
        }
    }

    private Evidence evidence(AdapterArtifact artifact, Case about) {
        Adapter adapter = artifact.adapter();
        Optional<Adapter> candidate = Optional.of(adapter);
        Optional<Adapter> champion = about.champion()
                .map(AdapterRef::artifact)
                .map(digest -> scoring.artifact(digest).adapter());
        List<Question> questions = about.questions();
        Likelihoods likelihoods = new Likelihoods(answered(candidate, questions), answered(champion, questions));
        List<Double> better = likelihoods.better();
        int earlier = about.holdout().headMap(about.earlierThrough(), true).size();
        AnswerEvidence answers = answers(candidate, champion, questions.subList(0, earlier), about.policy());
        Evidence standard = Evidence.of(
                better,
                better.subList(0, earlier).stream().map(value -> -value).toList(),
                answers.agreementDrop(),
                minus(goldenOfBase(), qualities(candidate, golden)));
        return answers.addTo(likelihoods.addTo(standard))
                .and(Quantity.DRIFT_KL, scoring.divergences(candidate, champion, newest(questions, DIVERGENCES_MAX)))
                .and(Quantity.SIZE_MIB, List.of(mebibytes(adapter)))
                .and(Quantity.PRIVACY_EPSILON, privacySpent(artifact));
    }

    /// The candidate's own answers beside those of what they are compared with: the tenant's earlier questions to the
    /// champion, harmful requests to the base model, which is asked once and for all.
    private AnswerEvidence answers(
            Optional<Adapter> candidate, Optional<Adapter> champion, List<Question> earlier, GatePolicy policy) {
        List<Completion> asked = newest(earlier, ANSWERS_MAX);
        List<Prompt> prompts = asked.stream().map(Completion::prompt).toList();
        List<Canary> canaries = policy.canaries().orElse(List.of());
        List<Prompt> probes = Stream.concat(
                        harmful.stream(), canaries.stream().map(canary -> Prompt.ofUser(canary.prompt())))
                .toList();
        return new AnswerEvidence(
                asked,
                scoring.answers(champion, prompts, ANSWER_TOKENS_MAX),
                scoring.answers(candidate, prompts, ANSWER_TOKENS_MAX),
                harmful,
                harmfulOfBase(),
                scoring.answers(candidate, probes, PROBE_TOKENS_MAX),
                canaries);
    }

    private static List<Completion> newest(List<Question> questions, int count) {
        return questions.reversed().stream()
                .flatMap(question -> question.wanted().stream())
                .limit(count)
                .toList();
    }

    private List<Answered> answered(Optional<Adapter> adapter, List<Question> questions) {
        return Question.answered(questions, scoring.losses(adapter, Question.completions(questions)));
    }

    private List<Double> qualities(Optional<Adapter> adapter, List<Question> questions) {
        return answered(adapter, questions).stream().map(Answered::quality).toList();
    }

    private List<Double> goldenOfBase() {
        if (goldenOfBase.isEmpty()) goldenOfBase = Optional.of(qualities(Optional.empty(), golden));
        return goldenOfBase.orElseThrow();
    }

    private Answers harmfulOfBase() {
        if (harmfulOfBase.isEmpty()) {
            harmfulOfBase = Optional.of(scoring.answers(Optional.empty(), harmful, PROBE_TOKENS_MAX));
        }
        return harmfulOfBase.orElseThrow();
    }

    private static List<Double> privacySpent(AdapterArtifact artifact) {
        Optional<PrivacyLedger> ledger = artifact.adapter().optimizer().flatMap(OptimizerState::privacy);
        return artifact.provenance().recipe().privacy().stream()
                .flatMap(asked -> ledger.stream().map(spent -> RdpAccountant.epsilon(spent, asked.delta())))
                .toList();
    }

    private static double mebibytes(Adapter adapter) {
        long numbers = adapter.modules().values().stream()
                .mapToLong(module -> module.a().values().length + module.b().values().length)
                .sum();
        return (double) numbers * Float.BYTES / (1 << 20);
    }

    private static List<Double> minus(List<Double> left, List<Double> right) {
        List<Double> differences = new ArrayList<>();
        for (int i = 0; i < left.size(); i++) differences.add(left.get(i) - right.get(i));
        return differences;
    }
}
