package io.adaptermill.cli.client;

import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.cli.erasure.ErasureReceipt;
import io.adaptermill.cli.lineage.Lineage;
import io.adaptermill.cli.stack.SealKey;
import io.adaptermill.cli.stack.Waiting;
import io.adaptermill.kafka.EventRecords;
import io.adaptermill.kafka.KafkaClients;
import io.adaptermill.kafka.KeyFollower;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.ErasureRequested;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;

/// Looks, asks ingest to forget, waits until it has, and looks again with the eyes of a process that starts
/// now.
public final class Erasure {
    private final String kafka;
    private final Duration timeout;

    public Erasure(String kafka, Duration timeout) {
        this.kafka = kafka;
        this.timeout = timeout;
    }

    /// @throws CommandFailure if this deployment does not seal, or ingest does not answer in time
    public ErasureReceipt erase(TenantId tenant, SubjectId subject, String requestedBy, String reason) {
        Instant started = Instant.now();
        long start = System.nanoTime();
        Lineage.OfSubject lineage = LineageReader.read(kafka, timeout)
                .of(tenant, subject)
                .map(Lineage.OfSubject.class::cast)
                .orElseGet(() -> nothing(tenant, subject));
        SealedTexts texts;
        try (KeyFollower keys = keys()) {
            keys.catchUp();
            texts = SealedTexts.of(kafka, keys, tenant, subject, timeout);
            request(tenant, new ErasureRequested(subject, requestedBy, reason), started);
            boolean gone = Waiting.until(
                    timeout,
                    () -> texts.keys().stream()
                            .noneMatch(key -> keys.ring().key(tenant, key).isPresent()));
            if (!gone) throw unanswered();
        }
        int after;
        try (KeyFollower fresh = keys()) {
            fresh.catchUp();
            after = texts.readable(fresh.ring());
        }
        return ErasureReceipt.of(
                lineage,
                requestedBy,
                reason,
                started,
                texts.events(),
                texts.keys().size(),
                texts.count(),
                after,
                Duration.ofNanos(System.nanoTime() - start));
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
        try (KafkaProducer<byte[], byte[]> producer = KafkaClients.producer(kafka, Map.of("max.block.ms", 15_000))) {
            producer.send(EventRecords.toRecord(
                            Topics.ERASURE_REQUESTED, new Envelope<>(tenant, id, "/adaptermill/cli", now, request)))
                    .get(20, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new CommandFailure(
                    Exit.UNREACHABLE, "Kafka at " + kafka + " did not take the request.", "./adaptermill status", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(Exit.FAILED, "Stopped before the end.", "run it again", e);
        }
    }
}
