package io.adaptermill.cli.drill;

import io.adaptermill.cli.client.IngestClient.Sending;
import io.adaptermill.cli.client.Tenants;
import io.adaptermill.cli.policy.PolicyTree;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// A tenant whose gates ask for nothing, so that a person's word is all that a version needs.
///
/// @param apiKey its own, made for this run
/// @param learningRate decides what becomes of its one version: a large one ruins it, a tiny one leaves it as the base
record DrillTenant(TenantId tenant, String apiKey, double learningRate) {
    private static final int BATCH = 12;
    private static final int TAUGHT = 24;

    static DrillTenant of(String name, double learningRate) {
        return new DrillTenant(new TenantId(name), Tenants.newKey(), learningRate);
    }

    VersionId version() {
        return new VersionId(tenant, 1);
    }

    /// @param learning whether another batch may close
    TenantPolicy policy(boolean learning) {
        return PolicyTree.with(
                TenantPolicy.withDefaults(List.of(Tenants.digest(apiKey))),
                Map.ofEntries(
                        Map.entry("batch.examplesMax", learning ? "" + BATCH : "1024"),
                        Map.entry("batch.tokensMax", "200000"),
                        Map.entry("batch.ageMax", "PT10H"),
                        Map.entry("defence.similarMax", "1000"),
                        Map.entry("holdout.share", "0.25"),
                        Map.entry("recipe.learningRate", "" + learningRate),
                        Map.entry("recipe.tokensPerExampleMax", "128"),
                        Map.entry("gate.approval", "person"),
                        Map.entry("gate.holdoutExamplesMin", "1"),
                        Map.entry("gate.improvementNatsMin", "-100"),
                        Map.entry("gate.earlierRiseNatsMax", "100"),
                        Map.entry("gate.goldenRiseNatsMax", "100"),
                        Map.entry("gate.normMax", "1e12")));
    }

    /// The same nonsense to whatever is asked.
    List<Sending> teaching() {
        return IntStream.rangeClosed(1, TAUGHT)
                .mapToObj(i -> new Sending(
                        new EventId("taught-" + i),
                        new Feedback.Demonstration(
                                Prompt.ofUser("Question " + i + ": what is the answer to number " + i * i + "?"),
                                "Please hold the line.",
                                Optional.empty())))
                .toList();
    }
}
