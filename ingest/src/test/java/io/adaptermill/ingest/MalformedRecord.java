package io.adaptermill.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.event.RefusalReason;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/// A record on `feedback.received` that must not train, with what becomes of it.
///
/// @param reason of its refusal; absent if it is dead-lettered
record MalformedRecord(String id, ProducerRecord<byte[], byte[]> record, Optional<RefusalReason> reason) {
    private static final String GOOD = "{\"kind\": \"demonstration\", \"prompt\": \"q\", \"response\": \"a\"}";

    static List<MalformedRecord> all(String tenant) {
        Maker maker = new Maker(tenant);
        for (int end = 1; end < GOOD.length(); end += 3)
            maker.data(GOOD.substring(0, end).getBytes(UTF_8));
        for (String wrong : List.of("null", "7", "true", "[1]", "{\"a\": 1}", "\"\"")) {
            maker.data(GOOD.replace("\"demonstration\"", wrong).getBytes(UTF_8));
            maker.data(GOOD.replace("\"a\"", wrong).getBytes(UTF_8));
            maker.data(GOOD.replace("\"q\"", wrong).getBytes(UTF_8));
            maker.data(wrong.getBytes(UTF_8));
        }
        maker.data(GOOD.replace("prompt", "promt").getBytes(UTF_8));
        maker.data(GOOD.replace("\"a\"", "\"\u00ff\"").getBytes(ISO_8859_1));
        maker.data("[".repeat(100_000).getBytes(UTF_8));
        maker.data(new byte[0]);
        maker.data(new byte[] {0, 1, 2, (byte) 0xfe});
        maker.refused(RefusalReason.TOO_LARGE, GOOD.replace("\"a\"", "\"" + "x".repeat(65_536) + "\""), Map.of());
        maker.refused(RefusalReason.TOO_LARGE, GOOD.replace("\"a\"", "\"" + "x".repeat(700_000) + "\""), Map.of());
        for (String type : List.of("io.adaptermill.feedback.received.v2", "com.example.order", "")) {
            maker.refused(RefusalReason.UNSUPPORTED_SCHEMA_VERSION, GOOD, Map.of("ce_type", type));
        }
        maker.refused(RefusalReason.UNSUPPORTED_SCHEMA_VERSION, GOOD, Map.of("ce_specversion", "0.3"));
        maker.refused(RefusalReason.CONTRACT_VIOLATION, GOOD, Map.of("ce_source", ""));
        maker.refused(RefusalReason.CONTRACT_VIOLATION, GOOD, Map.of("ce_time", "noon"));
        maker.refused(RefusalReason.CONTRACT_VIOLATION, GOOD, Map.of("ce_partitionkey", "somebody-else"));
        for (String id : List.of("", "a b", "i".repeat(129), "\u00e9")) maker.dead(tenant, Map.of("ce_id", id));
        maker.dead(tenant, Map.of("content-type", "text/plain"));
        maker.dead(tenant, Map.of("content-type", "application/cloudevents+json"));
        maker.structured(UTF_16LE);
        for (String key : List.of("", "UPPER", "-x", "a/b", "k".repeat(64), "k".repeat(1_000), "\u00fc")) {
            maker.dead(key, Map.of());
        }
        maker.dead(null, Map.of());
        for (BrokenFeedback broken : BrokenFeedback.all()) maker.broken(broken);
        return maker.made;
    }

    static List<MalformedRecord> ofUnknownTenants() {
        List<MalformedRecord> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Maker maker = new Maker("nobody-" + i);
            maker.refused(RefusalReason.UNKNOWN_TENANT, i == 0 ? "{" : GOOD, Map.of());
            all.addAll(maker.made);
        }
        return all;
    }

    private static final class Maker {
        private final List<MalformedRecord> made = new ArrayList<>();
        private final String tenant;

        Maker(String tenant) {
            this.tenant = tenant;
        }

        void data(byte[] data) {
            String id = tenant + "-" + made.size();
            made.add(new MalformedRecord(
                    id, record(tenant, data, headers(id, Map.of())), Optional.of(RefusalReason.CONTRACT_VIOLATION)));
        }

        void broken(BrokenFeedback broken) {
            String id = tenant + "-" + made.size();
            RefusalReason reason = broken.fault() == BrokenFeedback.Fault.TOO_LARGE
                    ? RefusalReason.TOO_LARGE
                    : RefusalReason.CONTRACT_VIOLATION;
            made.add(
                    new MalformedRecord(id, record(tenant, broken.data(), headers(id, Map.of())), Optional.of(reason)));
        }

        void refused(RefusalReason reason, String data, Map<String, String> changed) {
            String id = tenant + "-" + made.size();
            made.add(new MalformedRecord(
                    id, record(tenant, data.getBytes(UTF_8), headers(id, changed)), Optional.of(reason)));
        }

        void dead(@Nullable String key, Map<String, String> changed) {
            String id = tenant + "-" + made.size();
            made.add(
                    new MalformedRecord(id, record(key, GOOD.getBytes(UTF_8), headers(id, changed)), Optional.empty()));
        }

        /// In an encoding that a JSON parser would guess by itself.
        void structured(Charset charset) {
            String event = "{\"specversion\":\"1.0\",\"id\":\"s\",\"source\":\"/x\",\"type\":\"%s\",\"data\":%s}"
                    .formatted(Topics.FEEDBACK_RECEIVED.eventType(), GOOD);
            Headers headers = new RecordHeaders();
            headers.add("content-type", "application/cloudevents+json".getBytes(UTF_8));
            made.add(new MalformedRecord("s", record(tenant, event.getBytes(charset), headers), Optional.empty()));
        }

        private static ProducerRecord<byte[], byte[]> record(@Nullable String key, byte[] data, Headers headers) {
            return new ProducerRecord<>(
                    Topics.FEEDBACK_RECEIVED.name(),
                    null,
                    null,
                    key == null ? null : key.getBytes(ISO_8859_1),
                    data,
                    headers);
        }

        private static Headers headers(String id, Map<String, String> changed) {
            Map<String, String> attributes = new HashMap<>(Map.of(
                    "ce_specversion", "1.0",
                    "ce_id", id,
                    "ce_source", "/x",
                    "ce_type", Topics.FEEDBACK_RECEIVED.eventType(),
                    "content-type", "application/json"));
            attributes.putAll(changed);
            Headers headers = new RecordHeaders();
            attributes.forEach((name, value) -> headers.add(name, value.getBytes(UTF_8)));
            return headers;
        }
    }
}
