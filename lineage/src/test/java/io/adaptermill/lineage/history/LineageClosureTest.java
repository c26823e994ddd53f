package io.adaptermill.lineage.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.schemas.event.AdapterTrained;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.BatchItem;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.event.InferenceServed;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.InferenceId;
import io.adaptermill.schemas.id.VersionId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Forward then backward closes, and both agree with what a plain walk over the log finds.
class LineageClosureTest {
    private static final int EVENTS = 10_000;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void who_learned_from_an_event_names_it_and_nobody_else_does(long seed) {
        // Given
        Random random = new Random(seed);
        List<RandomJourney> journeys = List.of(
                new RandomJourney("acme", random, EVENTS / 2),
                new RandomJourney("globex", random, EVENTS / 4),
                new RandomJourney("initech", random, EVENTS / 4));
        List<Envelope<? extends Event>> shuffled = new ArrayList<>();
        journeys.forEach(journey -> shuffled.addAll(journey.log));
        Collections.shuffle(shuffled, random);
        shuffled.addAll(shuffled.subList(0, EVENTS / 10));

        // When
        LineageLog log = new LineageLog();
        shuffled.forEach(log::note);

        // Then
        for (RandomJourney journey : journeys) {
            Map<InferenceId, Set<EventId>> expected = plainWalk(journey);
            assertThat(backward(log, journey)).isEqualTo(expected);
            assertThat(forward(log, journey)).isEqualTo(reversed(expected, journey.events));
        }
    }

    private static Map<InferenceId, Set<EventId>> backward(LineageLog log, RandomJourney journey) {
        Map<InferenceId, Set<EventId>> causes = new HashMap<>();
        for (InferenceId answer : journey.answers) {
            Lineage.OfAnswer lineage =
                    (Lineage.OfAnswer) log.of(journey.tenant, answer).orElseThrow();
            Set<EventId> events = new HashSet<>(lineage.descent().events().toList());
            causes.put(answer, events);
        }
        return causes;
    }

    private static Map<EventId, Set<InferenceId>> forward(LineageLog log, RandomJourney journey) {
        Map<EventId, Set<InferenceId>> effects = new HashMap<>();
        for (EventId event : journey.events) {
            Lineage.OfEvent lineage =
                    (Lineage.OfEvent) log.of(journey.tenant, event).orElseThrow();
            effects.put(event, new HashSet<>(lineage.answers()));
        }
        return effects;
    }

    /// Every version's events by adding up its parents', in the order of the log.
    private static Map<InferenceId, Set<EventId>> plainWalk(RandomJourney journey) {
        Map<VersionId, Set<EventId>> learned = new HashMap<>();
        Map<VersionId, Set<EventId>> batches = new HashMap<>();
        Map<InferenceId, Set<EventId>> causes = new HashMap<>();
        for (Envelope<? extends Event> envelope : journey.log) {
            switch (envelope.event()) {
                case BatchClosed batch ->
                    batches.put(
                            VersionId.of(batch.batch()),
                            new HashSet<>(batch.taught().map(BatchItem::event).toList()));
                case AdapterTrained trained -> {
                    Set<EventId> all = new HashSet<>(batches.getOrDefault(trained.version(), Set.of()));
                    trained.parent().ifPresent(it -> all.addAll(learned.getOrDefault(it.version(), Set.of())));
                    learned.put(trained.version(), all);
                }
                case InferenceServed served ->
                    causes.put(
                            served.inference(),
                            served.version()
                                    .flatMap(version -> Optional.ofNullable(learned.get(version)))
                                    .orElse(Set.of()));
                default -> {}
            }
        }
        return causes;
    }

    private static Map<EventId, Set<InferenceId>> reversed(
            Map<InferenceId, Set<EventId>> causes, List<EventId> events) {
        Map<EventId, Set<InferenceId>> effects = new HashMap<>();
        events.forEach(event -> effects.put(event, new HashSet<>()));
        causes.forEach((answer, learned) -> learned.forEach(
                event -> effects.computeIfAbsent(event, _ -> new HashSet<>()).add(answer)));
        return effects;
    }
}
