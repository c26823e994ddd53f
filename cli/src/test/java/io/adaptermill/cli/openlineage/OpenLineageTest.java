package io.adaptermill.cli.openlineage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.adaptermill.cli.promises.Entry;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.event.AdapterEvaluated;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.AdapterTrained;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.BatchItem;
import io.adaptermill.schemas.event.CloseReason;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.PromotionOutcome;
import io.adaptermill.schemas.event.TrainingFailed;
import io.adaptermill.schemas.event.Verdict;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.schemas.policy.Recipe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// `openlineage.ndjson` was checked by `check_openlineage.py` against the standard's own JSON Schemas.
class OpenLineageTest {
    private static final TenantId ACME = new TenantId("acme");
    private static final Digest BASE = digest("base");

    @Test
    void a_journey_is_told_in_the_standards_words() throws IOException {
        // Given
        List<String> golden;
        try (var in = Objects.requireNonNull(OpenLineageTest.class.getResourceAsStream("/openlineage.ndjson"))) {
            golden = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }

        // When
        List<RunEvent> runs = OpenLineage.runs(
                "localhost:9092",
                List.of(entry(1, batch(1, Optional.empty())), entry(5, batch(2, Optional.of(ref(1))))),
                List.of(entry(2, trained(1))),
                List.of(entry(6, new TrainingFailed(new BatchId(ACME, 2), 3, "the loss is not a number", "less"))),
                List.of(entry(3, evaluated())),
                List.of(entry(4, decided())));

        // Then
        assertThat(runs).hasSize(golden.size());
        for (int i = 0; i < runs.size(); i++)
            assertThat(tree(EventJson.write(runs.get(i)))).isEqualTo(tree(golden.get(i)));
    }

    private static JsonNode tree(byte[] json) throws IOException {
        return EventJson.mapper().readTree(json);
    }

    private static JsonNode tree(String json) throws IOException {
        return EventJson.mapper().readTree(json);
    }

    private static BatchClosed batch(int number, Optional<AdapterRef> parent) {
        Example example = new Example.Demonstration(Prompt.ofUser("How?"), "So.");
        return new BatchClosed(
                new BatchId(ACME, number),
                CloseReason.COUNT,
                parent,
                Recipe.DEFAULT,
                7,
                0,
                9,
                List.of(new BatchItem(new EventId("e-" + number), Optional.empty(), example)));
    }

    private static AdapterTrained trained(int number) {
        return new AdapterTrained(
                new VersionId(ACME, number),
                ref(number).artifact(),
                new BatchId(ACME, number),
                Optional.empty(),
                BASE,
                2,
                10,
                2.0,
                1.0,
                0);
    }

    private static AdapterEvaluated evaluated() {
        return new AdapterEvaluated(
                ref(1).version(),
                ref(1).artifact(),
                Optional.empty(),
                BASE,
                Verdict.NEEDS_MORE_EVIDENCE,
                "too little",
                List.of(),
                List.of());
    }

    private static PromotionDecided decided() {
        return new PromotionDecided(
                ref(1).version(), ref(1).artifact(), PromotionOutcome.HELD, Optional.empty(), "too little");
    }

    private static AdapterRef ref(int number) {
        return new AdapterRef(new VersionId(ACME, number), digest("acme@" + number));
    }

    private static Digest digest(String text) {
        return Digest.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static <E extends Event> Entry<E> entry(int second, E event) {
        Instant time = Instant.EPOCH.plusSeconds(second);
        return new Entry<>(new Envelope<>(ACME, new EventId("t-" + second), "/test", time, event), 0, second);
    }
}
