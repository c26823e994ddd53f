package io.adaptermill.cli.demo;

import io.adaptermill.cli.client.IngestClient.Sending;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.id.TenantId;
import java.util.List;

/// One of the demo's customers.
///
/// @param apiKey its own, made for this run
/// @param story who gives what feedback, in a few words
/// @param feedback sent at first
/// @param later feedback sent when the first version was decided on
/// @param questions asked before and after, and under load
public record DemoTenant(
        TenantId tenant,
        String apiKey,
        String story,
        TenantPolicy policy,
        List<Sending> feedback,
        List<Sending> later,
        List<String> questions) {
    public DemoTenant {
        feedback = List.copyOf(feedback);
        later = List.copyOf(later);
        questions = List.copyOf(questions);
    }

    /// The same customer with less to say.
    public DemoTenant limited(int events, int eventsLater, TenantPolicy otherPolicy) {
        return new DemoTenant(
                tenant,
                apiKey,
                story,
                otherPolicy,
                feedback.subList(0, Math.min(events, feedback.size())),
                later.subList(0, Math.min(eventsLater, later.size())),
                questions);
    }
}
