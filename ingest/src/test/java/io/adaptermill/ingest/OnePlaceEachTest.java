package io.adaptermill.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.BatchItem;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.FeedbackRefused;
import io.adaptermill.schemas.event.HoldoutAssigned;
import io.adaptermill.schemas.event.PromotionOutcome;
import io.adaptermill.schemas.event.RefusalReason;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.feedback.Thumb;
import io.adaptermill.schemas.id.InferenceId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.policy.BatchPolicy;
import io.adaptermill.schemas.policy.GatePolicy;
import io.adaptermill.schemas.policy.HoldoutPolicy;
import io.adaptermill.schemas.policy.Recipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The promise on any stream of events: whatever comes, in whatever order, each accepted event ends in exactly one
/// place.
class OnePlaceEachTest {
    private static final int STEPS = 300;
    private static final List<TenantId> TENANTS =
            List.of(new TenantId("one"), new TenantId("two"), new TenantId("three"));

    /// How often each event was sent, by its name across tenants.
    private final Map<String, Integer> sent = new HashMap<>();

    private final Map<TenantId, Long> closed = new HashMap<>();
    private final List<BatchClosed> batches = new ArrayList<>();
    private final List<String> heldOut = new ArrayList<>();
    private final Set<String> examined = new HashSet<>();
    private final List<String> refused = new ArrayList<>();
    private final List<String> repeated = new ArrayList<>();

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2})
    void each_event_ends_in_one_batch_or_the_hold_out_or_one_refusal(long seed) {
        // Given
        Random random = new Random(seed);
        try (TopologyWorld world = new TopologyWorld(Duration.ofSeconds(20))) {
            TENANTS.forEach(tenant -> world.register(tenant, policy()));

            // When
            for (int i = 0; i < STEPS; i++) step(world, random);
            for (int i = 0; i < 12; i++) settle(world);
        }

        // Then
        List<String> placed = new ArrayList<>(heldOut);
        batches.forEach(batch -> batch.items().forEach(item -> placed.add(name(batch, item))));
        placed.addAll(refused);
        assertThat(placed).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(sent.keySet());
        sent.forEach(
                (event, times) -> assertThat(repeated).filteredOn(event::equals).hasSize(times - 1));
        assertThat(refused).isNotEmpty();
        assertThat(heldOut).isNotEmpty();
        assertNoPromptOnBothSides();
        assertNumberedWithoutGaps();
    }

    private void step(TopologyWorld world, Random random) {
        TenantId tenant = TENANTS.get(random.nextInt(TENANTS.size()));
        switch (random.nextInt(12)) {
            case 0 -> world.serve(tenant, "i" + random.nextInt(60), "asked " + random.nextInt(30), "said");
            case 1 -> decide(world, tenant, random);
            case 2 -> world.passes(Duration.ofSeconds(random.nextInt(40)));
            case 3, 4, 5 -> send(world, tenant, random, rating("i" + random.nextInt(60)));
            default -> send(world, tenant, random, demonstration("asked " + random.nextInt(200)));
        }
        collect(world);
    }

    private void send(TopologyWorld world, TenantId tenant, Random random, Feedback feedback) {
        String id = "e" + random.nextInt(STEPS / 2);
        sent.merge(tenant + "/" + id, 1, Integer::sum);
        world.feedback(tenant, id, feedback);
    }

    private void decide(TopologyWorld world, TenantId tenant, Random random) {
        long number = closed.getOrDefault(tenant, 0L);
        if (number == 0) return;
        PromotionOutcome[] outcomes = PromotionOutcome.values();
        world.decide(tenant, number, outcomes[random.nextInt(outcomes.length)]);
    }

    /// No decision comes any more: time alone must let everything out.
    private void settle(TopologyWorld world) {
        world.passes(Duration.ofMinutes(6));
        collect(world);
    }

    private void collect(TopologyWorld world) {
        for (BatchClosed batch : world.batches()) {
            batches.add(batch);
            closed.put(batch.batch().tenant(), batch.batch().number());
        }
        for (Envelope<HoldoutAssigned> held : world.read(Topics.HOLDOUT_ASSIGNED)) {
            heldOut.add(held.tenant() + "/" + held.event().event());
            examined.add(held.tenant() + " " + held.event().example().prompt());
        }
        for (Envelope<FeedbackRefused> envelope : world.read(Topics.FEEDBACK_REFUSED)) {
            FeedbackRefused event = envelope.event();
            (event.reason() == RefusalReason.DUPLICATE ? repeated : refused)
                    .add(envelope.tenant() + "/" + event.event());
        }
    }

    private void assertNoPromptOnBothSides() {
        Set<String> taught = new HashSet<>();
        batches.forEach(batch -> batch.items()
                .forEach(item ->
                        taught.add(batch.batch().tenant() + " " + item.example().prompt())));
        assertThat(taught).doesNotContainAnyElementsOf(examined);
    }

    private void assertNumberedWithoutGaps() {
        for (TenantId tenant : TENANTS) {
            List<Long> numbers = batches.stream()
                    .map(BatchClosed::batch)
                    .filter(batch -> batch.tenant().equals(tenant))
                    .map(batch -> batch.number())
                    .toList();
            assertThat(numbers).isNotEmpty().startsWith(1L).isSorted().doesNotHaveDuplicates();
            assertThat(numbers.getLast()).isEqualTo(numbers.size());
        }
    }

    private static String name(BatchClosed batch, BatchItem item) {
        return batch.batch().tenant() + "/" + item.event();
    }

    private static TenantPolicy policy() {
        return new TenantPolicy(
                List.of(),
                new BatchPolicy(5, 64, Duration.ofSeconds(90), 12, Duration.ofMinutes(5)),
                new HoldoutPolicy(0.2),
                Recipe.DEFAULT,
                GatePolicy.DEFAULT);
    }

    private static Feedback demonstration(String prompt) {
        return new Feedback.Demonstration(Prompt.ofUser(prompt), "fine", Optional.empty());
    }

    private static Feedback rating(String inference) {
        return new Feedback.Rating(
                Optional.of(new InferenceId(inference)),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Thumb.DOWN),
                Optional.empty(),
                Optional.empty());
    }
}
