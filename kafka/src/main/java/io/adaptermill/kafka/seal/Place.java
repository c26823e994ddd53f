package io.adaptermill.kafka.seal;

import io.adaptermill.schemas.Topic;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.TenantId;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// Where a sealed text belongs. It opens nowhere else: what was sealed for one event cannot be passed off as
/// another's.
///
/// @param topic that carries it, as its full name
/// @param event the feedback that the text came from
public record Place(TenantId tenant, String topic, EventId event) {
    public static Place of(TenantId tenant, Topic<?> topic, EventId event) {
        return new Place(tenant, topic.name(), event);
    }

    /// Each part with its length before it, so that no two places give the same bytes.
    byte[] bytes(KeyId key) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (String part :
                    new String[] {"adaptermill.seal.v1", tenant.value(), key.value(), topic, event.value()}) {
                byte[] text = part.getBytes(StandardCharsets.UTF_8);
                out.writeInt(text.length);
                out.write(text);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
