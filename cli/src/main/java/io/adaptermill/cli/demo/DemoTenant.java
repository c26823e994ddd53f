package io.adaptermill.cli.demo;

import io.adaptermill.cli.client.IngestClient.Sending;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.id.TenantId;
import java.util.List;

/// One of the demo's customers.
///
/// @param apiKey its own, made for this run
/// @param story who gives what feedback, in a few words
/// @param questions asked before and after, and under load
public record DemoTenant(
        TenantId tenant,
        String apiKey,
        String story,
        TenantPolicy policy,
        List<Sending> feedback,
        List<String> questions) {
    public DemoTenant {
        feedback = List.copyOf(feedback);
        questions = List.copyOf(questions);
    }

    /// The same customer with other feedback and another policy.
    public DemoTenant with(List<Sending> otherFeedback, TenantPolicy otherPolicy) {
        return new DemoTenant(tenant, apiKey, story, otherPolicy, otherFeedback, questions);
    }
}
