package io.adaptermill.cli.client;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.erasure.ErasureReceipt;
import io.adaptermill.cli.erasure.Relearning;
import io.adaptermill.cli.lineage.Ancestor;
import io.adaptermill.cli.lineage.Descent;
import io.adaptermill.cli.lineage.Lineage;
import io.adaptermill.cli.lineage.LineageLog;
import io.adaptermill.cli.stack.SealKey;
import io.adaptermill.cli.stack.Waiting;
import io.adaptermill.kafka.EventRecords;
import io.adaptermill.kafka.KafkaClients;
import io.adaptermill.kafka.KeyFollower;
import io.adaptermill.schemas.Topic;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.ErasureRequested;
import io.adaptermill.schemas.event.Event;
import io.adaptermill.schemas.event.FeedbackReceived;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;

/// Looks, lets a clean version serve, asks ingest to forget, waits until it has, and looks again with the
/// eyes of a process that starts now.
public final class Erasure {
    private static final String SOURCE = "/adaptermill/cli";
    private final String kafka;
    private final Duration timeout;

    public Erasure(String kafka, Duration timeout) {
        this.kafka = kafka;
        this.timeout = timeout;
    }

    /// @throws CommandFailure if this deployment does not seal, or promoter or ingest do not answer in time;
    ///     what was not done then is done by asking again
    public ErasureReceipt erase(TenantId tenant, SubjectId subject, String requestedBy, String reason) {
        Instant started = Instant.now();
        long start = System.nanoTime();
        LineageLog log = LineageReader.read(kafka, timeout);
        Lineage.OfSubject lineage =
                log.of(tenant, subject).map(Lineage.OfSubject.class::cast).orElseGet(() -> nothing(tenant, subject));
        List<Envelope<FeedbackReceived>> others = others(log, lineage, started);
        SealedTexts texts;
        Optional<VersionId> servesNow;
        try (KeyFollower keys = keys()) {
            keys.catchUp();
            texts = SealedTexts.of(kafka, keys, tenant, subject, timeout);
            servesNow = lineage.isServed()
                    ? new FallBack(kafka, timeout).to(lineage, requestedBy, "erasure: " + reason)
                    : lineage.serving();
            request(tenant, new ErasureRequested(subject, requestedBy, reason), started);
            boolean gone = Waiting.until(
                    timeout,
                    () -> texts.keys().stream()
                            .noneMatch(key -> keys.ring().key(tenant, key).isPresent()));
            // Whatever ingest does, what serves is clean by now, and a second call would not know whom to learn again.
            send(Topics.FEEDBACK_RECEIVED, others);
            if (!gone) throw unanswered();
        }
        int after;
        try (KeyFollower fresh = keys()) {
            fresh.catchUp();
            after = texts.readable(fresh.ring());
        }
        return new ErasureReceipt(
                tenant,
                subject,
                requestedBy,
                reason,
                started,
                texts.events(),
                texts.keys().size(),
                texts.count(),
                after,
                lineage.trained(),
                lineage.serving(),
                servesNow,
                others.size(),
                Duration.ofNanos(System.nanoTime() - start));
    }

    /// What others taught the versions between the last clean one and what serves; nothing if that is clean
    /// itself.
    private List<Envelope<FeedbackReceived>> others(LineageLog log, Lineage.OfSubject lineage, Instant now) {
        if (!lineage.isServed()) return List.of();
        Descent descent = lineage.serving()
                .flatMap(log::of)
                .map(version -> ((Lineage.OfVersion) version).descent())
                .orElse(Descent.OF_BASE);
        Set<BatchId> batches = descent.chain().stream()
                .takeWhile(ancestor -> !lineage.lastClean().equals(Optional.of(ancestor.version())))
                .map(Ancestor::batch)
                .collect(Collectors.toSet());
        List<BatchClosed> taught = TrainingLog.read(kafka, Set.of(lineage.tenant()), timeout).batches().stream()
                .filter(batch -> batches.contains(batch.batch()))
                .sorted(Comparator.comparingLong(batch -> batch.batch().number()))
                .toList();
        return Relearning.of(taught, lineage.subject(), "" + now.toEpochMilli(), SOURCE, now);
    }

    private KeyFollower keys() {
        return KeyFollower.start(kafka, SealKey.file())
                .orElseThrow(() -> new CommandFailure(
                        Exit.USAGE,
                        "What people said can be erased only where it is sealed, and " + SealKey.VARIABLE
                                + " is not set.",
                        "start the services with " + SealKey.VARIABLE + "=FILE (openssl rand -base64 32 > FILE),"
                                + " and this command with the same"));
    }

    private static Lineage.OfSubject nothing(TenantId tenant, SubjectId subject) {
        return new Lineage.OfSubject(
                tenant, subject, List.of(), List.of(), List.of(), List.of(), Optional.empty(), Optional.empty());
    }

    private static CommandFailure unanswered() {
        return new CommandFailure(
                Exit.TIMED_OUT,
                "The request is written, and ingest has not destroyed the key in time.",
                "./adaptermill status; when ingest runs again it does what was asked");
    }

    private void request(TenantId tenant, ErasureRequested request, Instant now) {
        EventId id = new EventId(tenant + "/erasure/" + now.toEpochMilli());
        send(Topics.ERASURE_REQUESTED, List.of(new Envelope<>(tenant, id, SOURCE, now, request)));
    }

    private <E extends Event> void send(Topic<E> topic, List<Envelope<E>> events) {
        if (events.isEmpty()) return;
        try (KafkaProducer<byte[], byte[]> producer = KafkaClients.producer(kafka, Map.of("max.block.ms", 15_000))) {
            for (Envelope<E> event : events) {
                producer.send(EventRecords.toRecord(topic, event)).get(20, TimeUnit.SECONDS);
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new CommandFailure(
                    Exit.UNREACHABLE, "Kafka at " + kafka + " did not take what was sent.", "./adaptermill status", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(Exit.FAILED, "Stopped before the end.", "run it again", e);
        }
    }
}
