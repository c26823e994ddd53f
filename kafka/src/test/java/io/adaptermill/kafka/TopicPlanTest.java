package io.adaptermill.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.kafka.TopicPlan.Existing;
import io.adaptermill.kafka.TopicPlan.Step;
import io.adaptermill.kafka.TopicPlan.Wanted;
import io.adaptermill.schemas.Topics;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicPlanTest {
    private static final Wanted WANTED =
            new Wanted("a", 6, (short) 1, Map.of("cleanup.policy", "compact", "retention.ms", "-1"));

    @Test
    void a_missing_topic_is_created() {
        // When
        List<Step> steps = TopicPlan.plan(List.of(WANTED), Map.of());

        // Then
        assertThat(steps).containsExactly(new Step.Create(WANTED));
    }

    @Test
    void a_topic_as_wanted_is_kept_whatever_else_it_has() {
        // Given
        Existing existing =
                new Existing(6, Map.of("cleanup.policy", "compact", "retention.ms", "-1", "segment.bytes", "5"));

        // When
        List<Step> steps = TopicPlan.plan(List.of(WANTED), Map.of("a", existing));

        // Then
        assertThat(steps).containsExactly(new Step.Keep("a"));
    }

    @Test
    void every_difference_is_said_and_none_is_mended() {
        // Given
        Existing existing = new Existing(3, Map.of("cleanup.policy", "delete"));

        // When
        List<Step> steps = TopicPlan.plan(List.of(WANTED), Map.of("a", existing));

        // Then
        assertThat(steps)
                .containsExactly(new Step.Differ(
                        "a",
                        List.of(
                                "has 3 partitions, expected 6",
                                "cleanup.policy is delete, expected compact",
                                "retention.ms is nothing, expected -1")));
    }

    @Test
    void every_topic_is_wanted_and_only_desired_state_is_compacted() {
        // When
        List<Wanted> wanted = TopicPlan.wanted(6, (short) 1);

        // Then
        assertThat(wanted).hasSize(Topics.ALL.size() + 2).allMatch(topic -> topic.partitions() == 6);
        assertThat(wanted.stream()
                        .filter(topic -> "compact".equals(topic.settings().get("cleanup.policy")))
                        .map(Wanted::name))
                .containsExactlyInAnyOrder(
                        Topics.TENANT_POLICIES.name(),
                        Topics.SERVING_ADAPTERS.name(),
                        Topics.SERVING_CANDIDATES.name(),
                        Topics.SUBJECT_KEYS);
    }
}
