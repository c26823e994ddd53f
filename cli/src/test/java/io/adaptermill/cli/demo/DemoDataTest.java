package io.adaptermill.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.cli.client.IngestClient.Sending;
import io.adaptermill.schemas.id.EventId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    @Test
    void feedback_of_ones_own_is_asked_about_in_its_own_words(@TempDir Path folder) throws IOException {
        // Given
        Path file = folder.resolve("own.jsonl");
        Files.writeString(file, """
                {"prompt": "Where are you?", "completion": "At the harbour."}
                {"prompt": "Where are you?", "completion": "By the sea."}
                {"prompt": "Do you sell tea?", "completion": "Yes."}
                {"prompt": "Is there wifi?", "completion": "No."}
                """);

        // When
        DemoTenant acme = DemoData.load(Optional.of(file), 96).getFirst();

        // Then
        assertThat(acme.feedback()).hasSize(4);
        assertThat(acme.questions()).containsExactly("Where are you?", "Do you sell tea?");
    }
}
