package io.adaptermill.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.cli.client.IngestClient.Sending;
import io.adaptermill.schemas.id.EventId;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DemoDataTest {
    @Test
    void the_written_feedback_is_valid_and_each_event_has_its_own_id() {
        // When
        List<DemoTenant> tenants = DemoData.load(Optional.empty(), 0);

        // Then
        assertThat(tenants.stream().map(tenant -> tenant.tenant().value()))
                .containsExactly("acme", "globex", "initech");
        for (DemoTenant tenant : tenants) {
            Set<EventId> ids = new HashSet<>();
            List<Sending> all = Stream.concat(tenant.feedback().stream(), tenant.later().stream())
                    .toList();
            all.stream().map(Sending::id).forEach(ids::add);
            assertThat(ids).hasSameSizeAs(all).hasSizeBetween(40, 110);
        }
    }

    @Test
    void what_is_asked_afterwards_was_never_taught() {
        // When
        List<DemoTenant> tenants = DemoData.load(Optional.empty(), 0);

        // Then
        for (DemoTenant tenant : tenants) {
            assertThat(tenant.feedback().toString() + tenant.later()).doesNotContain(tenant.questions());
        }
    }
}
