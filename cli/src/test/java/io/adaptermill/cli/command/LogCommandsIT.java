package io.adaptermill.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.artifacts.store.FileArtifactStore;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.rebuild.LoraEngine;
import io.adaptermill.cli.rebuild.Trainings;
import io.adaptermill.cli.terminal.Terminal;
import io.adaptermill.kafka.EventIds;
import io.adaptermill.kafka.EventRecords;
import io.adaptermill.kafka.KafkaClients;
import io.adaptermill.kafka.TopicSetup;
import io.adaptermill.schemas.Topic;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.AdapterTrained;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.event.InferenceServed;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.InferenceId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.testkit.Broker;
import io.adaptermill.testkit.WithBroker;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `lineage` and `rebuild` on a broker that knows three tenants' versions, and an answer of acme's second.
@WithBroker(WithBroker.Scope.CLASS)
class LogCommandsIT {
    private static final TenantId ACME = new TenantId("acme");

    @TempDir
    private static Path folder;

    private final Broker broker;

    LogCommandsIT(Broker broker) {
        this.broker = broker;
    }

    @BeforeAll
    static void publish(Broker broker) throws Exception {
        TopicSetup.ensure(broker.bootstrapServers(), 2);
        try (LoraEngine engine = LoraEngine.open(Trainings.tinyModel());
                KafkaProducer<byte[], byte[]> producer = KafkaClients.producer(broker.bootstrapServers(), Map.of())) {
            Trainings trainings = new Trainings(engine, new FileArtifactStore(folder.resolve("store")));
            for (String tenant : List.of("acme", "globex", "initech")) trainings.train(tenant, 2);
            for (BatchClosed batch : trainings.batches) {
                send(producer, Topics.BATCH_CLOSED, batch.batch().tenant(), EventIds.of(batch.batch(), "c"), batch);
            }
            for (AdapterTrained trained : trainings.trained) {
                TenantId tenant = trained.version().tenant();
                send(producer, Topics.ADAPTER_TRAINED, tenant, EventIds.of(trained.version(), "t"), trained);
            }
            send(producer, Topics.INFERENCE_SERVED, ACME, new EventId("answer-1"), answer());
        }
    }

    private static InferenceServed answer() {
        Optional<VersionId> version = Optional.of(VersionId.parse("acme@2"));
        return new InferenceServed(new InferenceId("answer-1"), Prompt.ofUser("How?"), "So.", version, 1, 1, "one");
    }

    private static <E extends Event> void send(
            KafkaProducer<byte[], byte[]> producer, Topic<E> topic, TenantId tenant, EventId id, E event)
            throws Exception {
        producer.send(EventRecords.toRecord(topic, new Envelope<>(tenant, id, "/test", Instant.EPOCH, event)))
                .get();
    }

    @Test
    void an_answer_is_explained_down_to_the_base_model() {
        // When
        Said said = run("lineage", "answer-1", "--limit", "1");

        // Then
        assertThat(said.out().lines().map(line -> line.replaceAll("sha256:.{12}…", "DIGEST")))
                .containsExactly(
                        "answer answer-1 of acme, written by acme@2",
                        "  acme@2  DIGEST  learned batch acme#2, 4 events",
                        "    acme#2-e1",
                        "    and 3 more",
                        "  acme@1  DIGEST  learned batch acme#1, 4 events",
                        "    acme#1-e1",
                        "    and 3 more",
                        "  base model");
        assertThat(said.exit()).isEqualTo(Exit.DONE);
    }

    @Test
    void feedback_is_followed_to_the_answer_it_is_in() {
        // When
        Said said = run("lineage", "acme#1-e2", "--output", "json");

        // Then
        assertThat(said.out())
                .contains("\"of\" : \"feedback\"", "\"trained\" : [ \"acme@1\", \"acme@2\" ]", "[ \"answer-1\" ]");
    }

    @Test
    void what_nobody_knows_is_not_found() {
        assertThat(run("lineage", "no-such-answer").exit()).isEqualTo(Exit.NOT_FOUND);
        assertThat(rebuild("store", "acme@9").exit()).isEqualTo(Exit.NOT_FOUND);
    }

    @Test
    void every_version_is_rebuilt_bit_for_bit() {
        // When
        Said said = rebuild("store", "acme", "globex", "initech@2", "--from-base");

        // Then
        assertThat(said.exit()).isEqualTo(Exit.DONE);
        assertThat(said.out().lines().filter(line -> line.startsWith("same")))
                .as(said.out())
                .hasSize(8);
    }

    @Test
    void a_lost_store_is_filled_again_from_the_log() {
        // Given
        FileArtifactStore lost = new FileArtifactStore(folder.resolve("lost"));

        // When
        Said said = rebuild("lost", "acme@2", "--into", folder.resolve("lost").toString());

        // Then
        assertThat(said.exit()).as(said.out()).isEqualTo(Exit.DONE);
        assertThat(said.out().lines().filter(line -> line.startsWith("same")).map(LogCommandsIT::digest))
                .hasSize(2)
                .allMatch(lost::contains);
    }

    @Test
    void a_version_is_trained_again_without_one_person() {
        // When
        Said said = rebuild("store", "acme@2", "--without-subject", "user-3");

        // Then
        assertThat(said.exit()).as(said.err()).isEqualTo(Exit.DONE);
        assertThat(said.out()).contains("2 examples left out, 2 batches trained again: acme@2  sha256:");
        assertThat(rebuild("store", "acme@2", "--without-subject", "nobody").exit())
                .isEqualTo(Exit.NOT_FOUND);
    }

    @Test
    void a_person_is_found_in_everything_they_taught() {
        // When
        Said said = run("lineage", "--subject", "user-3", "--tenant", "acme");

        // Then
        assertThat(said.out().lines())
                .containsExactly(
                        "subject user-3 of acme, 2 feedback events",
                        "    acme#1-e3  in batch acme#1",
                        "    acme#2-e3  in batch acme#2",
                        "  trained    acme@1, acme@2",
                        "  tested     nothing",
                        "  in answers answer-1",
                        "  serving    the base model, which learned nothing from them",
                        "  last clean the base model");
    }

    private static Digest digest(String line) {
        return new Digest(line.substring(line.indexOf("sha256:")));
    }

    @Test
    void another_base_model_is_told_apart_before_any_training() {
        // When
        Said said = run(
                "rebuild",
                "acme@1",
                "--store",
                folder.resolve("store").toString(),
                "--model",
                Trainings.tinyModel().resolveSibling("tiny-q8_0.gguf").toString());

        // Then
        assertThat(said.exit()).isEqualTo(Exit.FAILED);
        assertThat(said.err()).contains("acme@1 was trained on base model sha256:", "name the right model");
    }

    private Said rebuild(String store, String... words) {
        String[] command = Stream.of(
                        List.of("rebuild"),
                        List.of(words),
                        List.of("--store", folder.resolve(store).toString()),
                        List.of("--model", Trainings.tinyModel().toString()))
                .flatMap(List::stream)
                .toArray(String[]::new);
        return run(command);
    }

    private Said run(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(printer(out), printer(err), false, false);
        String[] command = Stream.of(List.of(words), List.of("--kafka", broker.bootstrapServers()))
                .flatMap(List::stream)
                .toArray(String[]::new);
        int exit = CommandTree.of(new Session(folder, terminal)).execute(command);
        return new Said(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static PrintStream printer(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private record Said(int exit, String out, String err) {}
}
