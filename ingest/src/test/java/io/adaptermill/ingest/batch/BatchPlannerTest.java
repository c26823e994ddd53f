package io.adaptermill.ingest.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.schemas.event.BatchItem;
import io.adaptermill.schemas.event.CloseReason;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.policy.BatchPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchPlannerTest {
    private static final TenantId ACME = new TenantId("acme");
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final BatchPolicy POLICY =
            new BatchPolicy(4, 100, Duration.ofMinutes(10), 50, Duration.ofMinutes(60));

    @ParameterizedTest(name = "{0} waiting of {1} tokens, oldest {2} min, in flight {3} min: {4}")
    @CsvSource(
            nullValues = "-",
            value = {
                // waiting, tokens, minutes since the oldest, minutes in flight, close reason
                "0, 0, -, -, -",
                "1, 10, 0, -, -",
                "3, 99, 9, -, -",
                "4, 10, 0, -, COUNT",
                "9, 10, 0, -, COUNT",
                "1, 100, 0, -, TOKENS",
                "3, 500, 0, -, TOKENS",
                "1, 10, 10, -, AGE",
                "1, 10, 99, -, AGE",
                "4, 500, 99, -, COUNT",
                "3, 500, 99, -, TOKENS",
                "0, 0, -, 0, -",
                "4, 10, 0, 0, -",
                "1, 100, 0, 59, -",
                "1, 10, 99, 59, -",
                "0, 0, -, 60, -",
                "3, 99, 9, 60, -",
                "4, 10, 0, 60, COUNT",
                "1, 100, 0, 60, TOKENS",
                "1, 10, 10, 61, AGE"
            })
    void a_batch_closes_at_its_first_limit_unless_one_is_in_flight(
            int waiting, long tokens, Integer oldestMinutes, Integer flightMinutes, CloseReason reason) {
        // Given
        TenantBuffer buffer = new TenantBuffer(
                7,
                7 + waiting,
                tokens,
                Optional.ofNullable(oldestMinutes).map(minutes -> NOW.minus(Duration.ofMinutes(minutes))),
                3,
                Optional.ofNullable(flightMinutes)
                        .map(minutes -> new InFlight(new BatchId(ACME, 2), NOW.minus(Duration.ofMinutes(minutes)))),
                Optional.empty(),
                0,
                Optional.empty());

        // When
        BatchDecision decision = BatchPlanner.decide(buffer, POLICY, NOW);

        // Then
        assertThat(decision).isEqualTo(reason == null ? new BatchDecision.KeepOpen() : new BatchDecision.Close(reason));
    }

    @Test
    void a_batch_takes_the_oldest_up_to_its_count() {
        // Given
        List<WaitingItem> items = items(9, 4);

        // When
        List<WaitingItem> taken = BatchPlanner.take(items.iterator(), POLICY);

        // Then
        assertThat(taken).isEqualTo(items.subList(0, 4));
    }

    @Test
    void a_batch_takes_no_more_than_the_item_that_reaches_its_tokens() {
        // Given
        List<WaitingItem> items = items(9, 199);

        // When
        List<WaitingItem> taken = BatchPlanner.take(items.iterator(), POLICY);

        // Then
        assertThat(taken).hasSize(2).isEqualTo(items.subList(0, 2));
    }

    @ParameterizedTest(name = "{0} of {1} characters, called for by {2}: {3}")
    @CsvSource({"4, 4, COUNT, COUNT", "2, 199, COUNT, TOKENS", "4, 199, TOKENS, COUNT", "2, 4, AGE, AGE"})
    void a_batch_names_the_limit_that_ended_it(int count, int characters, CloseReason calledFor, CloseReason reason) {
        // When
        CloseReason named = BatchPlanner.reason(items(count, characters), POLICY, calledFor);

        // Then
        assertThat(named).isEqualTo(reason);
    }

    @Test
    void time_matters_to_what_waits_and_first_of_all_to_what_is_in_flight() {
        // Given
        TenantBuffer empty = TenantBuffer.EMPTY;
        TenantBuffer open = empty.after(items(1, 4).getFirst());
        TenantBuffer flying = new TenantBuffer(
                7,
                8,
                1,
                Optional.of(NOW),
                3,
                Optional.of(new InFlight(new BatchId(ACME, 2), NOW.minus(Duration.ofMinutes(5)))),
                Optional.empty(),
                0,
                Optional.empty());

        // When
        List<Optional<Instant>> times = Stream.of(empty, open, flying)
                .map(buffer -> BatchPlanner.lookAgainAt(buffer, POLICY, NOW))
                .toList();

        // Then
        assertThat(times)
                .containsExactly(
                        Optional.empty(),
                        Optional.of(NOW.plus(Duration.ofMinutes(10))),
                        Optional.of(NOW.plus(Duration.ofMinutes(55))));
    }

    @Test
    void the_seed_is_the_beginning_of_the_names_hash() {
        // When
        long seed = BatchPlanner.seed(new BatchId(ACME, 7));

        // Then: sha256("acme#7") without its first bit
        assertThat(Long.toHexString(seed)).isEqualTo("53ddd870ec21a8ac");
    }

    private static List<WaitingItem> items(int count, int characters) {
        return IntStream.range(0, count)
                .mapToObj(i -> WaitingItem.of(
                        new BatchItem(
                                new EventId("e" + i),
                                Optional.empty(),
                                new Example.Demonstration(Prompt.ofUser("q"), "x".repeat(characters))),
                        NOW,
                        0,
                        i))
                .toList();
    }
}
