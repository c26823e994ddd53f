package io.adaptermill.kafka;

import io.adaptermill.kafka.seal.KeyId;
import io.adaptermill.kafka.seal.KeyRing;
import io.adaptermill.kafka.seal.SealedDocument;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.TenantId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/// Opens records whose texts lie under their people's keys; passes on all others as they are. Thread-safe.
///
/// The first sealed record waits until the ring is as the topic of keys is: a key must not be used because
/// its end was not read yet. Later, a key that is not on the ring is waited for until the ring has everything
/// that was there when the record was read; if it is still absent, it was destroyed: ingest publishes a key
/// in the transaction of the first text under it.
public final class SealedRecords {
    /// In the place of JSON's, so that nobody takes a sealed document for an event.
    public static final String CONTENT_TYPE = "application/vnd.adaptermill.sealed+json";

    private final Optional<KeyRing> ring;
    private final Runnable catchUp;
    private final AtomicBoolean isCurrent = new AtomicBoolean();

    private SealedRecords(Optional<KeyRing> ring, Runnable catchUp) {
        this.ring = ring;
        this.catchUp = catchUp;
    }

    /// @param catchUp returns when the ring has all keys that were published before it was called
    public static SealedRecords with(KeyRing ring, Runnable catchUp) {
        return new SealedRecords(Optional.of(ring), catchUp);
    }

    /// For deployments that do not seal: a sealed record stops whoever meets it.
    public static SealedRecords none() {
        return new SealedRecords(Optional.empty(), () -> {});
    }

    /// A record as it can be read now.
    ///
    /// @param record in clear; as it was if nothing of it is left
    /// @param erased events of it whose keys are destroyed
    /// @param isGone whether nothing of it is left
    public record Opened(ConsumerRecord<byte[], byte[]> record, List<EventId> erased, boolean isGone) {
        public Opened {
            erased = List.copyOf(erased);
        }
    }

    public static boolean isSealed(Headers headers) {
        @Nullable Header type = headers.lastHeader(CloudEventHeaders.CONTENT_TYPE);
        return type != null
                && Utf8.text(type.value()).filter(CONTENT_TYPE::equals).isPresent();
    }

    /// Says of an event's headers that its data is sealed.
    public static void mark(Headers headers) {
        headers.remove(CloudEventHeaders.CONTENT_TYPE);
        headers.add(CloudEventHeaders.CONTENT_TYPE, Utf8.bytes(CONTENT_TYPE));
    }

    /// @throws IllegalStateException if the record is sealed and there is no key-encryption key here
    /// @throws io.adaptermill.kafka.seal.Tampered if it is not as it was sealed
    public Opened open(ConsumerRecord<byte[], byte[]> record) {
        if (!isSealed(record.headers())) return new Opened(record, List.of(), false);
        KeyRing keys = ring.orElseThrow(() -> new IllegalStateException("a record of " + record.topic()
                + " is sealed, and adaptermill.seal-key is not set: name the file that ingest seals with"));
        TenantId tenant = new TenantId(Utf8.text(record.key()).orElseThrow());
        if (!isCurrent.get() || !hasAll(keys, tenant, SealedDocument.keys(record.value()))) catchUp.run();
        isCurrent.set(true);
        SealedDocument.Opened opened = SealedDocument.open(record.topic(), tenant, record.value(), keys);
        return new Opened(clear(record, opened.json()), opened.erased(), opened.isGone());
    }

    private static boolean hasAll(KeyRing keys, TenantId tenant, List<KeyId> wanted) {
        return wanted.stream().allMatch(id -> keys.key(tenant, id).isPresent());
    }

    private static ConsumerRecord<byte[], byte[]> clear(ConsumerRecord<byte[], byte[]> record, byte[] json) {
        Headers headers = new RecordHeaders(record.headers());
        headers.remove(CloudEventHeaders.CONTENT_TYPE);
        headers.add(CloudEventHeaders.CONTENT_TYPE, Utf8.bytes(CloudEventHeaders.JSON));
        return new ConsumerRecord<>(
                record.topic(),
                record.partition(),
                record.offset(),
                record.timestamp(),
                TimestampType.CREATE_TIME,
                record.serializedKeySize(),
                json.length,
                record.key(),
                json,
                headers,
                record.leaderEpoch());
    }
}
