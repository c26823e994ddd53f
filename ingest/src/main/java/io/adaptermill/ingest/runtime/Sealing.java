package io.adaptermill.ingest.runtime;

import io.adaptermill.ingest.store.TenantStores;
import io.adaptermill.kafka.KeyFollower;
import io.adaptermill.kafka.SealedRecords;
import io.adaptermill.kafka.seal.KeyEncryptionKey;
import io.adaptermill.kafka.seal.Seal;
import io.adaptermill.kafka.seal.SealedDocument;
import io.adaptermill.kafka.seal.SubjectKey;
import io.adaptermill.kafka.seal.WrappedKey;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.TenantId;
import java.security.SecureRandom;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/// Makes people's keys and seals what is kept for ever under them, if this deployment has a key-encryption
/// key. Owned by the task's thread.
///
/// A new key goes out in the transaction of the first text under it, so no reader can see the one without the
/// other.
final class Sealing {
    private final Optional<KeyEncryptionKey> kek;
    private final TenantStores stores;
    private final ProcessorContext<byte[], Outgoing> context;
    private final SecureRandom random = new SecureRandom();
    private final Seal seal = new Seal(random);

    Sealing(Optional<KeyEncryptionKey> kek, TenantStores stores, ProcessorContext<byte[], Outgoing> context) {
        this.kek = kek;
        this.stores = stores;
        this.context = context;
    }

    /// Marks the headers too; as it was where nothing is sealed here.
    byte[] seal(TenantId tenant, ProducerRecord<byte[], byte[]> record) {
        if (kek.isEmpty()) return record.value();
        SealedRecords.mark(record.headers());
        return SealedDocument.seal(
                record.topic(), tenant, record.value(), subject -> key(kek.get(), tenant, subject), seal);
    }

    private SubjectKey key(KeyEncryptionKey wrapper, TenantId tenant, SubjectId subject) {
        Optional<WrappedKey> known = stores.key(tenant, subject);
        if (known.isPresent()) return wrapper.unwrap(known.get());
        SubjectKey key = SubjectKey.random(tenant, random);
        WrappedKey wrapped = wrapper.wrap(key, random);
        stores.putKey(tenant, subject, wrapped);
        publish(wrapped, Optional.of(EventJson.write(wrapped)));
        return key;
    }

    /// From here on nobody reads what lies under it.
    void destroy(TenantId tenant, SubjectId subject) {
        stores.key(tenant, subject).ifPresent(wrapped -> {
            stores.removeKey(tenant, subject);
            publish(wrapped, Optional.empty());
        });
    }

    private void publish(WrappedKey wrapped, Optional<byte[]> value) {
        byte[] name = KeyFollower.recordKey(wrapped.tenant(), wrapped.key());
        Outgoing outgoing = new Outgoing(Topics.SUBJECT_KEYS, value.orElse(null));
        context.forward(new Record<>(name, outgoing, context.currentSystemTimeMs()));
    }
}
