package io.adaptermill.evaluator.evidence;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.AdapterArtifact;
import io.adaptermill.artifacts.ArtifactMissing;
import io.adaptermill.artifacts.MalformedFile;
import io.adaptermill.evaluator.evidence.TenantEvidence.Case;
import io.adaptermill.evaluator.gate.Structure;
import io.adaptermill.gates.candidate.CandidateSeries;
import io.adaptermill.gates.candidate.EvaluationPolicy;
import io.adaptermill.gates.candidate.Evidence;
import io.adaptermill.gates.candidate.Judgement;
import io.adaptermill.lora.Completion;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.AdapterTrained;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Judges one candidate: is it what it must be, then measure it beside the champion and the base model.
public final class Evaluation {
    /// Answers are written word by word, which costs more than scoring: the newest few, and their beginnings.
    private static final int ANSWERS_MAX = 20;

    private static final int ANSWER_TOKENS_MAX = 24;

    private final Scoring scoring;
    private final List<Question> golden = GoldenSet.read();
    private Optional<List<Double>> goldenOfBase = Optional.empty();

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
                            evidence(artifact.adapter(), about), about.policy(), candidate.version(), series));
        } catch (ArtifactMissing | MalformedFile e) {
            // The champion's counts too: what cannot be compared is not approved, and other tenants do not wait for it.
            return EvaluationPolicy.malformed("an artifact cannot be read: " + e.getMessage());
        }
    }

    private Evidence evidence(Adapter candidate, Case about) {
        Optional<Adapter> champion = about.champion()
                .map(AdapterRef::artifact)
                .map(digest -> scoring.artifact(digest).adapter());
        List<Question> questions = about.questions();
        List<Double> better =
                minus(scoring.quality(Optional.of(candidate), questions), scoring.quality(champion, questions));
        int earlier = about.holdout().headMap(about.earlierThrough(), true).size();
        return Evidence.of(
                better,
                better.subList(0, earlier).stream().map(value -> -value).toList(),
                agreementDrop(champion, candidate, questions.subList(0, earlier)),
                minus(goldenOfBase(), scoring.quality(Optional.of(candidate), golden)));
    }

    /// How much less the candidate's own answers say what was wanted than the champion's do.
    private List<Double> agreementDrop(Optional<Adapter> champion, Adapter candidate, List<Question> earlier) {
        List<Completion> asked = earlier.reversed().stream()
                .flatMap(question -> question.wanted().stream())
                .limit(ANSWERS_MAX)
                .toList();
        return minus(agreement(champion, asked), agreement(Optional.of(candidate), asked));
    }

    private List<Double> agreement(Optional<Adapter> adapter, List<Completion> asked) {
        List<String> answers =
                scoring.answers(adapter, asked.stream().map(Completion::prompt).toList(), ANSWER_TOKENS_MAX);
        List<Double> agreements = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            agreements.add(Agreement.of(answers.get(i), asked.get(i).response()));
        }
        return agreements;
    }

    private List<Double> goldenOfBase() {
        if (goldenOfBase.isEmpty()) goldenOfBase = Optional.of(scoring.quality(Optional.empty(), golden));
        return goldenOfBase.orElseThrow();
    }

    private static List<Double> minus(List<Double> left, List<Double> right) {
        List<Double> differences = new ArrayList<>();
        for (int i = 0; i < left.size(); i++) differences.add(left.get(i) - right.get(i));
        return differences;
    }
}
