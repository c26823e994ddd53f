package io.adaptermill.docs;

// tag::send-feedback[]
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

class FeedbackSender {
    void send(String brokers) throws Exception {
        Map<String, Object> config = Map.of("bootstrap.servers", brokers, "acks", "all");
        try (var producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            producer.send(thumbUp("acme", "chatcmpl-5d0c2f")).get();
        }
    }

    ProducerRecord<String, String> thumbUp(String tenant, String inference) {
        String json = "{\"kind\": \"rating\", \"inferenceId\": \"%s\", \"thumb\": \"up\"}".formatted(inference);
        var feedback = new ProducerRecord<>("adaptermill.feedback.received", tenant, json);
        Map.of(
                        "ce_specversion", "1.0",
                        "ce_id", UUID.randomUUID().toString(),
                        "ce_source", "/shop/web",
                        "ce_type", "io.adaptermill.feedback.received.v1",
                        "content-type", "application/json")
                .forEach((name, value) -> feedback.headers().add(name, value.getBytes(UTF_8)));
        return feedback;
    }
}
// end::send-feedback[]
