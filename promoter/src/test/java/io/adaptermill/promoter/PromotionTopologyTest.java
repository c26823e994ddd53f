package io.adaptermill.promoter;

import static io.adaptermill.promoter.Evaluations.ACME;
import static io.adaptermill.promoter.Evaluations.BASE;
import static io.adaptermill.promoter.Evaluations.REASON;
import static io.adaptermill.promoter.Evaluations.evaluated;
import static io.adaptermill.promoter.Evaluations.published;
import static io.adaptermill.promoter.Evaluations.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.kafka.DeadLetters;
import io.adaptermill.kafka.EventRecords;
import io.adaptermill.kafka.RecordPlace;
import io.adaptermill.promoter.promotion.Decision;
import io.adaptermill.schemas.Topic;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.error.ContractViolation;
import io.adaptermill.schemas.event.AdapterEvaluated;
import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.event.FeedbackReceived;
import io.adaptermill.schemas.event.InferenceServed;
import io.adaptermill.schemas.event.PromotionAnswered;
import io.adaptermill.schemas.event.PromotionAnswered.Mode;
import io.adaptermill.schemas.event.PromotionAnswered.Outcome;
import io.adaptermill.schemas.event.PromotionDecided;
import io.adaptermill.schemas.event.PromotionOutcome;
import io.adaptermill.schemas.event.PromotionRequested;
import io.adaptermill.schemas.event.PromotionRequested.Action;
import io.adaptermill.schemas.event.ServingAdapter;
import io.adaptermill.schemas.event.Verdict;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.feedback.Thumb;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.InferenceId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.policy.Approval;
import io.adaptermill.schemas.policy.GatePolicy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PromotionTopologyTest {
    private TopologyTestDriver driver;

    @BeforeEach
    void start() {
        driver = new TopologyTestDriver(PromotionTopology.build(new Silent()), new Properties());
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void an_approved_candidate_is_decided_and_served() {
        // Given
        AdapterEvaluated evaluation = evaluated(version(1), Optional.empty(), Verdict.APPROVED);

        // When
        pipe(EventRecords.toRecord(Topics.ADAPTER_EVALUATED, published(evaluation)));

        // Then
        assertThat(events(Topics.PROMOTION_DECIDED))
                .containsExactly(decided(version(1), PromotionOutcome.PROMOTED, Optional.empty()));
        assertThat(events(Topics.SERVING_ADAPTERS)).containsExactly(new ServingAdapter(version(1), BASE));
    }

    @Test
    void a_held_and_a_refused_candidate_leave_the_pointer_alone() {
        // Given
        AdapterEvaluated weak = evaluated(version(1), Optional.empty(), Verdict.NEEDS_MORE_EVIDENCE);
        AdapterEvaluated worse = evaluated(version(2), Optional.empty(), Verdict.REJECTED);

        // When
        pipe(EventRecords.toRecord(Topics.ADAPTER_EVALUATED, published(weak)));
        pipe(EventRecords.toRecord(Topics.ADAPTER_EVALUATED, published(worse)));

        // Then
        assertThat(events(Topics.PROMOTION_DECIDED))
                .containsExactly(
                        decided(version(1), PromotionOutcome.HELD, Optional.empty()),
                        decided(version(2), PromotionOutcome.REFUSED, Optional.empty()));
        assertThat(events(Topics.SERVING_ADAPTERS)).isEmpty();
    }

    @Test
    void a_repeated_evaluation_is_answered_by_silence() {
        // Given
        AdapterEvaluated evaluation = evaluated(version(1), Optional.empty(), Verdict.APPROVED);

        // When
        pipe(EventRecords.toRecord(Topics.ADAPTER_EVALUATED, published(evaluation)));
        pipe(EventRecords.toRecord(Topics.ADAPTER_EVALUATED, published(evaluation)));

        // Then
        assertThat(events(Topics.PROMOTION_DECIDED)).hasSize(1);
        assertThat(events(Topics.SERVING_ADAPTERS)).hasSize(1);
    }

    @Test
    void tenants_do_not_share_champions() {
        // Given
        AdapterRef globex = version(new TenantId("globex"), 1);

        // When
        pipe(EventRecords.toRecord(
                Topics.ADAPTER_EVALUATED, published(evaluated(version(1), Optional.empty(), Verdict.APPROVED))));
        pipe(EventRecords.toRecord(
                Topics.ADAPTER_EVALUATED, published(evaluated(globex, Optional.empty(), Verdict.APPROVED))));

        // Then
        assertThat(events(Topics.SERVING_ADAPTERS))
                .containsExactly(new ServingAdapter(version(1), BASE), new ServingAdapter(globex, BASE));
    }

    @Test
    void another_tenants_version_is_set_aside() {
        // Given
        Envelope<AdapterEvaluated> honest =
                published(evaluated(version(new TenantId("globex"), 1), Optional.empty(), Verdict.APPROVED));
        Envelope<AdapterEvaluated> forged =
                new Envelope<>(ACME, honest.id(), honest.source(), honest.time(), honest.event());

        // When
        pipe(EventRecords.toRecord(Topics.ADAPTER_EVALUATED, forged));

        // Then
        assertThat(deadLetterReasons()).containsExactly("data.version must be a version of the key's tenant");
        assertThat(events(Topics.PROMOTION_DECIDED)).isEmpty();
    }

    @Test
    void bytes_that_are_no_evaluation_are_set_aside_as_they_came() {
        // Given
        byte[] key = bytes("acme");
        byte[] value = bytes("not json");

        // When
        pipe(new ProducerRecord<>(Topics.ADAPTER_EVALUATED.name(), key, value));

        // Then
        List<TestRecord<byte[], byte[]>> letters = output(Topics.DEAD_LETTERS);
        assertThat(letters).hasSize(1);
        assertThat(letters.getFirst().key()).isEqualTo(key);
        assertThat(letters.getFirst().value()).isEqualTo(value);
        assertThat(reason(letters.getFirst())).isEqualTo("ce_id must be set");
    }

    @Test
    void a_version_that_users_rate_worse_is_rolled_back_to_the_one_before_it() {
        // Given
        promote(1, Optional.empty());
        rate("first", Optional.of(version(1)), 30, 3);
        promote(2, Optional.of(version(1)));
        forgetWhatWasSaid();

        // When
        rate("second", Optional.of(version(2)), 1, 20);

        // Then
        List<PromotionDecided> decisions = events(Topics.PROMOTION_DECIDED);
        assertThat(decisions).hasSize(1);
        assertThat(decisions.getFirst())
                .isEqualTo(PromotionDecided.rollBack(
                        version(2),
                        Optional.of(version(1)),
                        decisions.getFirst().reason(),
                        PromotionDecided.LIVE_RATINGS));
        assertThat(events(Topics.SERVING_ADAPTERS)).containsExactly(new ServingAdapter(version(1), BASE));
    }

    @Test
    void a_first_version_that_users_rate_worse_gives_way_to_the_base_model() {
        // Given
        rate("base", Optional.empty(), 30, 3);
        promote(1, Optional.empty());
        forgetWhatWasSaid();

        // When
        rate("first", Optional.of(version(1)), 1, 20);

        // Then
        List<TestRecord<byte[], byte[]>> pointers = output(Topics.SERVING_ADAPTERS.name());
        assertThat(pointers).hasSize(1);
        assertThat(pointers.getFirst().key()).isEqualTo(bytes("acme"));
        assertThat(pointers.getFirst().value()).isNull();
    }

    @Test
    void after_a_roll_back_evidence_against_what_was_rolled_back_is_stale() {
        // Given
        promote(1, Optional.empty());
        rate("first", Optional.of(version(1)), 30, 3);
        promote(2, Optional.of(version(1)));
        rate("second", Optional.of(version(2)), 1, 20);
        forgetWhatWasSaid();

        // When
        pipe(EventRecords.toRecord(
                Topics.ADAPTER_EVALUATED, published(evaluated(version(3), Optional.of(version(2)), Verdict.APPROVED))));
        pipe(EventRecords.toRecord(
                Topics.ADAPTER_EVALUATED, published(evaluated(version(4), Optional.of(version(1)), Verdict.APPROVED))));

        // Then
        assertThat(events(Topics.PROMOTION_DECIDED))
                .extracting(PromotionDecided::outcome)
                .containsExactly(PromotionOutcome.REFUSED, PromotionOutcome.PROMOTED);
    }

    @Test
    void while_paused_an_approved_candidate_waits_until_a_person_approves_it() {
        // Given
        ask("p-1", Action.PAUSE, Optional.empty(), Optional.empty());
        promote(1, Optional.empty());

        // When
        ask("p-2", Action.APPROVE, Optional.of(version(1)), Optional.empty());

        // Then
        List<PromotionDecided> decisions = events(Topics.PROMOTION_DECIDED);
        assertThat(decisions)
                .extracting(PromotionDecided::outcome, PromotionDecided::by)
                .containsExactly(
                        Tuple.tuple(PromotionOutcome.HELD, Optional.empty()),
                        Tuple.tuple(PromotionOutcome.PROMOTED, Optional.of("ada")));
        assertThat(events(Topics.SERVING_ADAPTERS)).containsExactly(new ServingAdapter(version(1), BASE));
        assertThat(events(Topics.PROMOTION_ANSWERED))
                .extracting(PromotionAnswered::outcome, PromotionAnswered::mode, PromotionAnswered::champion)
                .containsExactly(
                        Tuple.tuple(Outcome.DONE, Mode.PAUSED, Optional.empty()),
                        Tuple.tuple(
                                Outcome.DONE,
                                Mode.PAUSED,
                                Optional.of(version(1).version())));
    }

    @Test
    void a_person_rolls_back_once_and_the_same_request_again_is_a_conflict() {
        // Given
        promote(1, Optional.empty());
        promote(2, Optional.of(version(1)));
        forgetWhatWasSaid();

        // When
        ask("p-1", Action.ROLL_BACK, Optional.empty(), Optional.of(version(2)));
        ask("p-1", Action.ROLL_BACK, Optional.empty(), Optional.of(version(2)));

        // Then
        assertThat(events(Topics.PROMOTION_DECIDED))
                .containsExactly(PromotionDecided.rollBack(version(2), Optional.of(version(1)), "because", "ada"));
        assertThat(events(Topics.SERVING_ADAPTERS)).containsExactly(new ServingAdapter(version(1), BASE));
        assertThat(events(Topics.PROMOTION_ANSWERED))
                .extracting(PromotionAnswered::outcome)
                .containsExactly(Outcome.DONE, Outcome.CONFLICT);
    }

    @Test
    void a_pinned_version_stays_however_it_is_rated() {
        // Given
        promote(1, Optional.empty());
        rate("first", Optional.of(version(1)), 30, 3);
        promote(2, Optional.of(version(1)));
        ask("p-1", Action.PIN, Optional.empty(), Optional.of(version(2)));
        forgetWhatWasSaid();

        // When
        rate("second", Optional.of(version(2)), 1, 20);

        // Then
        assertThat(events(Topics.SERVING_ADAPTERS)).isEmpty();
    }

    @Test
    void a_policy_may_ask_for_a_person_whose_rejection_leaves_the_candidate_behind() {
        // Given
        GatePolicy usual = GatePolicy.DEFAULT;
        GatePolicy asking = new GatePolicy(
                usual.alpha(),
                usual.holdoutExamplesMin(),
                usual.holdoutExamplesMax(),
                usual.differenceNatsMax(),
                usual.improvementNatsMin(),
                usual.earlierRiseNatsMax(),
                usual.goldenRiseNatsMax(),
                usual.normMax(),
                Optional.of(Approval.PERSON));
        pipe(EventRecords.toRecord(
                Topics.ADAPTER_EVALUATED,
                published(Evaluations.under(asking, evaluated(version(1), Optional.empty(), Verdict.APPROVED)))));

        // When
        ask("p-1", Action.REJECT, Optional.of(version(1)), Optional.empty());

        // Then
        assertThat(events(Topics.PROMOTION_DECIDED))
                .extracting(PromotionDecided::outcome)
                .containsExactly(PromotionOutcome.HELD, PromotionOutcome.REFUSED);
        assertThat(events(Topics.PROMOTION_ANSWERED))
                .singleElement()
                .satisfies(answer -> assertThat(answer.waiting()).isEmpty());
    }

    private void ask(String id, Action action, Optional<AdapterRef> version, Optional<AdapterRef> champion) {
        PromotionRequested request = new PromotionRequested(
                action, version.map(AdapterRef::version), champion.map(AdapterRef::version), "ada", "because");
        pipe(EventRecords.toRecord(Topics.PROMOTION_REQUESTED, of(id, request)));
    }

    private void promote(long number, Optional<AdapterRef> champion) {
        pipe(EventRecords.toRecord(
                Topics.ADAPTER_EVALUATED, published(evaluated(version(number), champion, Verdict.APPROVED))));
    }

    /// Each answer is served, then rated; the same rating comes twice.
    private void rate(String name, Optional<AdapterRef> version, int good, int bad) {
        for (int i = 0; i < good + bad; i++) {
            InferenceId inference = new InferenceId(name + "-" + i);
            InferenceServed served = new InferenceServed(
                    inference, Prompt.ofUser("Why?"), "So.", version.map(AdapterRef::version), 2, 1, "serving-0");
            pipe(EventRecords.toRecord(Topics.INFERENCE_SERVED, of(inference.value(), served)));
            Feedback rating = new Feedback.Rating(
                    Optional.of(inference),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(i < good ? Thumb.UP : Thumb.DOWN),
                    Optional.empty(),
                    Optional.empty());
            Envelope<FeedbackReceived> received = of("r-" + inference, new FeedbackReceived(rating));
            pipe(EventRecords.toRecord(Topics.FEEDBACK_RECEIVED, received));
            pipe(EventRecords.toRecord(Topics.FEEDBACK_RECEIVED, received));
        }
    }

    private static <E extends Event> Envelope<E> of(String id, E event) {
        return new Envelope<>(ACME, new EventId(id), "/test", Instant.EPOCH, event);
    }

    private void forgetWhatWasSaid() {
        output(Topics.PROMOTION_DECIDED.name());
        output(Topics.SERVING_ADAPTERS.name());
    }

    private void pipe(ProducerRecord<byte[], byte[]> record) {
        driver.createInputTopic(record.topic(), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>(record.key(), record.value(), record.headers(), 0L));
    }

    private List<String> deadLetterReasons() {
        return output(Topics.DEAD_LETTERS).stream()
                .map(PromotionTopologyTest::reason)
                .toList();
    }

    private static String reason(TestRecord<byte[], byte[]> letter) {
        return new String(letter.headers().lastHeader(DeadLetters.REASON).value(), StandardCharsets.UTF_8);
    }

    private <E extends Event> List<E> events(Topic<E> topic) {
        return output(topic.name()).stream()
                .map(record -> EventRecords.read(
                        topic, new RecordPlace(topic.name(), 0, 0, 0), record.key(), record.headers(), record.value()))
                .map(read -> read.envelope().orElseThrow().event())
                .toList();
    }

    private List<TestRecord<byte[], byte[]>> output(String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }

    private static PromotionDecided decided(
            AdapterRef candidate, PromotionOutcome outcome, Optional<AdapterRef> before) {
        return new PromotionDecided(candidate.version(), candidate.artifact(), outcome, before, REASON);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// These tests look at topics only.
    private static final class Silent implements PromotionListener {
        @Override
        public void decided(AdapterRef candidate, Decision decision) {}

        @Override
        public void unreadable(ContractViolation violation) {}
    }
}
