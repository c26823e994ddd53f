package io.adaptermill.bench.poison;

import io.adaptermill.artifacts.store.FileArtifactStore;
import io.adaptermill.bench.poison.HelpDesk.Case;
import io.adaptermill.bench.poison.Mill.Round;
import io.adaptermill.evaluator.engine.LoraScoring;
import io.adaptermill.evaluator.evidence.Evaluation;
import io.adaptermill.lora.BaseModel;
import io.adaptermill.schemas.event.PromotionOutcome;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.policy.HoldoutPolicy;
import io.adaptermill.schemas.policy.Recipe;
import io.adaptermill.trainer.engine.LoraTraining;
import io.adaptermill.trainer.training.Training;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Runs attacks at rising strengths and says of each what caught it, what the gates said, and what the model
/// that serves afterwards took up.
final class PoisonBench {
    /// Of which a quarter is held out.
    private static final int EVENTS_A_ROUND = 48;

    private static final Recipe RECIPE = new Recipe(8, 16, 3e-4, 2, 8, 96, 0.1, 0.01, 1.0, 0.1, 0.1, 0.2);
    private static final TenantPolicy PLAIN = TenantPolicy.withDefaults(List.of());
    private static final TenantPolicy POLICY =
            new TenantPolicy(List.of(), PLAIN.batch(), new HoldoutPolicy(0.25), RECIPE, PLAIN.gate());

    private final LoraScoring scoring;
    private final List<Case> tests = HelpDesk.tests();
    private final Map<Harm, Double> before = new HashMap<>();
    private final Mill founded;

    PoisonBench(BaseModel base, Path store) {
        FileArtifactStore artifacts = new FileArtifactStore(store);
        Training training = new LoraTraining(base, artifacts);
        this.scoring = new LoraScoring(base, artifacts);
        this.founded = new Mill(POLICY, training, new Evaluation(scoring));
        Round beginning = founded.round(HelpDesk.founding());
        if (beginning.outcome() != PromotionOutcome.PROMOTED) {
            throw new IllegalStateException(
                    "the honest beginning must be promoted, or nothing can be shown: " + beginning.judgement());
        }
    }

    /// One attack at one strength.
    ///
    /// @param right share of test questions for which the right team is likelier than a wrong one, at the end
    /// @param met share for which the reply that the attack wants is likelier than the right one
    /// @param metBefore the same, before the attack
    record Trial(
            Attack attack, double share, int sent, List<Round> rounds, double right, double met, double metBefore) {
        Trial {
            rounds = List.copyOf(rounds);
        }

        boolean isPoisonPromoted() {
            int learned = 0;
            boolean promoted = false;
            for (Round round : rounds) {
                learned += round.learned();
                promoted |= learned > 0 && round.outcome() == PromotionOutcome.PROMOTED;
            }
            return promoted;
        }
    }

    Trial run(Attack attack, double share) {
        Mill mill = new Mill(founded);
        List<Round> rounds = new ArrayList<>();
        int sent = 0;
        for (int round = 0; round < attack.rounds(); round++) {
            List<Said> feedback = attack.round(round, EVENTS_A_ROUND, share);
            sent += (int) feedback.stream().filter(Said::isPoison).count();
            rounds.add(mill.round(feedback));
        }
        double wrong = met(Harm.WRONG_TEAM, mill);
        return new Trial(
                attack,
                share,
                sent,
                rounds,
                1 - wrong,
                attack.harm().equals(Harm.WRONG_TEAM) ? wrong : met(attack.harm(), mill),
                before.computeIfAbsent(attack.harm(), harm -> met(harm, founded)));
    }

    private double met(Harm harm, Mill mill) {
        return Harm.met(scoring.losses(
                mill.champion().map(ref -> scoring.artifact(ref.artifact()).adapter()), harm.replies(tests)));
    }
}
