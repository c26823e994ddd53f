package io.adaptermill.lora.privacy;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.OptimizerState;
import io.adaptermill.artifacts.PrivacyLedger;
import io.adaptermill.schemas.policy.Privacy;
import java.util.Locale;
import java.util.Optional;

/// Whether a batch may be trained privately, and what its lineage has spent afterwards.
public sealed interface PrivacyBudget {
    /// @param after the lineage's ledger, this batch included
    record Allowed(PrivacyLedger after) implements PrivacyBudget {}

    /// @param reason with the figures and what to do
    record Refused(String reason) implements PrivacyBudget {}

    /// @param parent of the batch, absent for the bare base
    /// @param step how each step of the batch will be taken
    static PrivacyBudget of(Privacy privacy, Optional<Adapter> parent, PrivacyLedger.Step step, long steps) {
        Optional<PrivacyLedger> spent = parent.flatMap(Adapter::optimizer).flatMap(OptimizerState::privacy);
        if (parent.isPresent() && spent.isEmpty()) {
            return new Refused("the parent was trained without privacy, and no noise now hides what it learned:"
                    + " begin a lineage from the bare base model, or take recipe.privacy out");
        }
        PrivacyLedger before = spent.orElse(PrivacyLedger.EMPTY);
        PrivacyLedger after = before.plus(step, steps);
        double epsilon = RdpAccountant.epsilon(after, privacy.delta());
        if (epsilon <= privacy.epsilonMax()) return new Allowed(after);
        return new Refused(String.format(
                Locale.ROOT,
                "the privacy budget would be exceeded: the lineage has spent epsilon %.3f of %.3f at delta %.1e, and with"
                        + " this batch it would be %.3f: begin a lineage from the bare base model, allow more"
                        + " (recipe.privacy.epsilonMax), or spend less a batch (more noise, fewer epochs, a smaller"
                        + " examplesPerStep)",
                RdpAccountant.epsilon(before, privacy.delta()),
                privacy.epsilonMax(),
                privacy.delta(),
                epsilon));
    }
}
