package io.adaptermill.ingest.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.schemas.id.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId GLOBEX = new TenantId("globex");
    private static final TenantId ZERO = new TenantId("0");

    @Test
    void only_those_whose_time_has_come_are_looked_at_longest_overdue_first() {
        // Given
        Deadlines deadlines = new Deadlines();
        deadlines.note(ZERO, Optional.of(NOON.plusMillis(1)));
        deadlines.note(ACME, Optional.of(NOON));
        deadlines.note(GLOBEX, Optional.of(NOON.minusSeconds(1)));

        // When
        List<TenantId> due = deadlines.due(NOON);

        // Then
        assertThat(due).containsExactly(GLOBEX, ACME);
        assertThat(deadlines.buffering()).containsExactlyInAnyOrder(ZERO, ACME, GLOBEX);
    }

    @Test
    void the_last_word_about_a_tenant_counts() {
        // Given
        Deadlines deadlines = new Deadlines();
        deadlines.note(ACME, Optional.of(NOON));
        deadlines.note(GLOBEX, Optional.of(NOON));

        // When
        deadlines.note(ACME, Optional.of(NOON.plusSeconds(60)));
        deadlines.note(GLOBEX, Optional.empty());

        // Then
        assertThat(deadlines.due(NOON.plusSeconds(59))).isEmpty();
        assertThat(deadlines.due(NOON.plusSeconds(60))).containsExactly(ACME);
        assertThat(deadlines.buffering()).containsExactly(ACME);
    }
}
