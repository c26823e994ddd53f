package io.adaptermill.cli.promises;

import static io.adaptermill.cli.promises.Journeys.ACME;
import static io.adaptermill.cli.promises.Journeys.GLOBEX;
import static io.adaptermill.cli.promises.Journeys.ref;
import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.PromotionOutcome;
import io.adaptermill.schemas.event.RefusalReason;
import io.adaptermill.schemas.event.Verdict;
import io.adaptermill.schemas.id.EventId;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PromisesTest {
    @Test
    void a_journey_without_fault_keeps_every_promise() {
        // Given
        Evidence evidence = Journeys.good().evidence();

        // When
        List<Promise> promises = Promises.check(evidence);

        // Then
        assertThat(promises)
                .allSatisfy(promise ->
                        assertThat(promise.violations()).as(promise.name()).isEmpty())
                .allSatisfy(promise ->
                        assertThat(promise.checked()).as(promise.name()).isPositive());
    }

    @ParameterizedTest(name = "{0} breaks {1}")
    @MethodSource("violations")
    void each_planted_violation_breaks_its_promise_and_no_other(
            String what, String promise, Consumer<Journeys> tampering) {
        // Given
        Journeys journeys = Journeys.good();
        tampering.accept(journeys);

        // When
        List<String> broken = Promises.check(journeys.evidence()).stream()
                .filter(checked -> !checked.kept())
                .map(Promise::name)
                .toList();

        // Then
        assertThat(broken).as(what).containsExactly(promise);
    }

    static Stream<Arguments> violations() {
        return Stream.of(
                planted(
                        "an acknowledged event that the topic lacks",
                        "acknowledged-is-kept",
                        j -> j.acknowledged.add(new Acknowledged(ACME, new EventId("e-9")))),
                planted("an event in no place", "one-place-each", j -> j.heldOut.clear()),
                planted("an event taught and examined", "one-place-each", j -> j.heldOut.add(Journeys.holdout("e-1"))),
                planted(
                        "an event in two batches",
                        "one-place-each",
                        j -> j.batches.set(1, Journeys.batch(ACME, 2, List.of("e-2", "e-1")))),
                planted("a lost event in quarantine", "one-place-each", j -> j.quarantined.removeLast()),
                planted("a repetition that was taught too", "one-place-each", j -> j.refused.removeFirst()),
                planted(
                        "a taught event that was refused too",
                        "one-place-each",
                        j -> j.refused.add(Journeys.refusal("e-1", RefusalReason.BUFFER_FULL))),
                planted(
                        "a batch item out of nowhere",
                        "one-place-each",
                        j -> j.batches.set(1, Journeys.batch(ACME, 2, List.of("e-2", "e-9")))),
                planted("a batch without result", "one-result-each", j -> j.trained.removeLast()),
                planted("a batch trained twice", "one-result-each", j -> j.trained.add(j.trained.getFirst())),
                planted("a result without batch", "one-result-each", j -> j.trained.add(Journeys.trained(GLOBEX, 2))),
                planted("a batch closed twice", "one-result-each", j -> {
                    j.receive(GLOBEX, "e-5");
                    j.batches.add(Journeys.batch(GLOBEX, 1, List.of("e-5")));
                }),
                planted(
                        "a promotion of what was rejected",
                        "approved-before-promoted",
                        j -> j.evaluated.set(1, Journeys.evaluation(ref(2), Verdict.REJECTED, 20))),
                planted(
                        "a promotion of other bytes",
                        "approved-before-promoted",
                        j -> j.evaluated.set(
                                1,
                                Journeys.evaluation(
                                        new AdapterRef(ref(2).version(), Journeys.digest("other")),
                                        Verdict.APPROVED,
                                        20))),
                planted(
                        "a promotion before its approval",
                        "approved-before-promoted",
                        j -> j.evaluated.set(1, Journeys.evaluation(ref(2), Verdict.APPROVED, 25))),
                planted(
                        "a promotion past a champion",
                        "unbroken-chain",
                        j -> j.decided.set(
                                1, Journeys.decision(ref(2), PromotionOutcome.PROMOTED, Optional.empty(), 20))),
                planted("a pointer that never moved", "serving-follows-promotions", j -> j.serving.removeLast()),
                planted(
                        "a pointer to what was refused",
                        "serving-follows-promotions",
                        j -> j.serving.add(
                                Journeys.pointer(j.decided.getLast().event().ref(), 30))),
                planted(
                        "a request refused",
                        "no-failed-request",
                        j -> j.answers.add(new Answer(
                                ACME, Journeys.at(5), Journeys.at(6), 503, Optional.empty(), Optional.empty()))),
                planted(
                        "a connection lost",
                        "no-failed-request",
                        j -> j.answers.add(new Answer(
                                ACME, Journeys.at(5), Journeys.at(6), 0, Optional.empty(), Optional.of("reset")))),
                planted(
                        "an answer by a version before its promotion",
                        "only-approved-answers",
                        j -> j.answers.add(Journeys.answer(ACME, 18, 19, "acme@2"))),
                planted(
                        "an answer by a version after it was left",
                        "only-approved-answers",
                        j -> j.answers.add(Journeys.answer(ACME, 22, 23, "acme@1"))),
                planted(
                        "an answer by the base model after it was left",
                        "only-approved-answers",
                        j -> j.answers.add(Journeys.answer(ACME, 12, 13, null))),
                planted(
                        "an answer by a refused version",
                        "only-approved-answers",
                        j -> j.answers.add(Journeys.answer(GLOBEX, 31, 32, "globex@1"))),
                planted(
                        "an answer by another tenant's version",
                        "only-approved-answers",
                        j -> j.answers.add(Journeys.answer(GLOBEX, 22, 23, "acme@2"))));
    }

    private static Arguments planted(String what, String promise, Consumer<Journeys> tampering) {
        return Arguments.of(what, promise, tampering);
    }
}
