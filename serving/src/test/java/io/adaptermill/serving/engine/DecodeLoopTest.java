package io.adaptermill.serving.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.adaptermill.lora.generate.GenerationRequest;
import io.adaptermill.lora.generate.Sampling;
import io.adaptermill.schemas.feedback.Prompt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DecodeLoopTest {
    private static final long STEP_NANOS = 1_000_000;

    private final FakeEngine engine = new FakeEngine(STEP_NANOS);
    private final DecodeLoop loop = new DecodeLoop(engine, 2, 4, 3);
    private final AtomicInteger givenBack = new AtomicInteger();

    @AfterEach
    void close() {
        loop.close();
        engine.close();
    }

    @Test
    void a_short_answer_overtakes_a_long_one() throws InterruptedException {
        // Given
        Ticket longer = submitted("acme", 5_000);

        // When
        Ticket shorter = submitted("globex", 3);

        // Then
        assertThat(last(shorter)).isInstanceOf(Ticket.Piece.Done.class);
        assertThat(loop.running()).isPositive();
        longer.cancel();
        assertThat(last(longer)).isInstanceOf(Ticket.Piece.Failed.class);
    }

    @Test
    void a_full_queue_refuses_at_once_and_keeps_what_it_has() throws InterruptedException {
        // Given: two run, and three of the tenant's may wait
        List<Ticket> tickets = new ArrayList<>();
        for (int i = 0; i < 2; i++) tickets.add(submitted("acme", 400));
        await().until(() -> loop.running() == 2);
        for (int i = 0; i < 3; i++) tickets.add(submitted("acme", 2));

        // When, Then
        assertThatThrownBy(() -> submitted("acme", 1))
                .isInstanceOf(EngineBusy.class)
                .hasMessageContaining("waiting");
        tickets.add(submitted("globex", 2));
        assertThatThrownBy(() -> submitted("globex", 1)).isInstanceOf(EngineBusy.class);
        for (Ticket ticket : tickets) assertThat(last(ticket)).isInstanceOf(Ticket.Piece.Done.class);
        assertThat(givenBack).hasValue(tickets.size());
    }

    @Test
    void an_answer_that_would_need_too_much_memory_waits_until_it_fits_and_is_not_overtaken()
            throws InterruptedException {
        // Given
        Ticket large = submitted("acme", FakeEngine.POSITIONS_MAX - 5);
        await().until(() -> loop.running() == 1);

        // When
        Ticket waits = submitted("globex", 10);
        Ticket behind = submitted("initech", 1);

        // Then
        await().during(Duration.ofMillis(100)).until(() -> loop.running() == 1);
        large.cancel();
        assertThat(last(waits)).isInstanceOf(Ticket.Piece.Done.class);
        assertThat(last(behind)).isInstanceOf(Ticket.Piece.Done.class);
    }

    @Test
    void a_broken_step_fails_its_answers_and_the_next_one_is_well() throws InterruptedException {
        // Given
        engine.breakNextStep();

        // When
        Ticket unlucky = submitted("acme", 3);

        // Then
        assertThat(last(unlucky)).isInstanceOf(Ticket.Piece.Failed.class);
        assertThat(last(submitted("acme", 3))).isInstanceOf(Ticket.Piece.Done.class);
        assertThat(givenBack).hasValue(2);
    }

    @Test
    void a_cancelled_answer_gives_its_weights_back_within_a_token() {
        // Given
        Ticket ticket = submitted("acme", 100_000);

        // When
        ticket.cancel();

        // Then
        await().untilAsserted(() -> assertThat(givenBack).hasValue(1));
    }

    @Test
    void closing_finishes_what_runs_and_waits_and_takes_no_more() throws InterruptedException {
        // Given
        List<Ticket> tickets = new ArrayList<>();
        for (int i = 0; i < 4; i++) tickets.add(submitted(i < 2 ? "acme" : "globex", 30));

        // When
        loop.close();

        // Then
        for (Ticket ticket : tickets) assertThat(last(ticket)).isInstanceOf(Ticket.Piece.Done.class);
        assertThatThrownBy(() -> submitted("acme", 1))
                .isInstanceOf(EngineBusy.class)
                .hasMessageContaining("shutting down");
    }

    private Ticket submitted(String owner, int tokens) {
        GenerationRequest request = new GenerationRequest(Prompt.ofUser("Hi"), tokens, Sampling.GREEDY, List.of());
        Ticket ticket = new Ticket(owner, request, Optional.empty(), givenBack::incrementAndGet);
        loop.submit(ticket);
        return ticket;
    }

    private static Ticket.Piece last(Ticket ticket) throws InterruptedException {
        Ticket.Piece piece = ticket.next();
        while (piece instanceof Ticket.Piece.Text) piece = ticket.next();
        return piece;
    }
}
