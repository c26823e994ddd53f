package io.adaptermill.ingest.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adaptermill.schemas.event.BatchItem;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.EventId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReservoirTest {
    private static final BatchId BATCH = BatchId.parse("acme#7");

    @Test
    void the_sample_does_not_depend_on_the_order_in_which_examples_came() {
        // Given
        List<WaitingItem> items = items(0, 2000);
        List<WaitingItem> shuffled = new ArrayList<>(items);
        Collections.shuffle(shuffled, new Random(3));

        // Then
        assertThat(sample(shuffled)).isEqualTo(sample(items)).hasSize(Reservoir.SLOTS);
    }

    @Test
    void old_examples_are_as_likely_to_be_kept_as_new_ones() {
        // Given: 200 streams of 640 examples
        int old = 0;
        int all = 0;
        for (int stream = 0; stream < 200; stream++) {
            int from = stream * 640;
            for (WaitingItem item : sample(items(from, from + 640)).values()) {
                all++;
                if (Integer.parseInt(item.item().event().value().substring(1)) < from + 320) old++;
            }
        }

        // Then: half, within four standard deviations
        assertThat((double) old / all).isCloseTo(0.5, within(0.0125));
    }

    @Test
    void each_batch_draws_others_and_the_same_whenever_it_closes() {
        // Given
        List<WaitingItem> past = items(0, 100);

        // When
        List<WaitingItem> drawn = Reservoir.draw(past, 10, 1_000_000, BATCH);

        // Then
        assertThat(drawn).hasSize(10).doesNotHaveDuplicates();
        List<WaitingItem> turned = new ArrayList<>(past);
        Collections.reverse(turned);
        assertThat(Reservoir.draw(turned, 10, 1_000_000, BATCH)).isEqualTo(drawn);
        assertThat(Reservoir.draw(past, 10, 1_000_000, BatchId.parse("acme#8"))).isNotEqualTo(drawn);
    }

    @Test
    void over_many_batches_everything_kept_is_seen_again() {
        // Given
        Set<WaitingItem> seen = new HashSet<>();

        // When
        for (int number = 1; number <= 100; number++) {
            seen.addAll(Reservoir.draw(items(0, 100), 10, 1_000_000, BatchId.parse("acme#" + number)));
        }

        // Then
        assertThat(seen).hasSize(100);
    }

    @Test
    void a_draw_stays_within_its_tokens() {
        // Given: 3 tokens each
        List<WaitingItem> past = items(0, 100);

        // Then
        assertThat(past).allMatch(item -> item.tokens() == 3);
        assertThat(Reservoir.draw(past, 50, 31, BATCH)).hasSize(10);
        assertThat(Reservoir.draw(past, 50, 0, BATCH)).isEmpty();
    }

    private static Map<Integer, WaitingItem> sample(List<WaitingItem> items) {
        Map<Integer, WaitingItem> slots = new HashMap<>();
        for (WaitingItem item : items) {
            slots.merge(
                    Reservoir.slot(item.item().event()),
                    item,
                    (kept, candidate) -> Reservoir.yields(kept, candidate) ? candidate : kept);
        }
        return slots;
    }

    private static List<WaitingItem> items(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> new WaitingItem(
                        new BatchItem(
                                new EventId("e" + i),
                                Optional.empty(),
                                new Example.Demonstration(Prompt.ofUser("q"), "an answer")),
                        Instant.EPOCH,
                        3,
                        0,
                        i))
                .toList();
    }
}
