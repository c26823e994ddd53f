package io.adaptermill.ingest.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.adaptermill.ingest.http.Bodies.Part;
import io.adaptermill.ingest.http.Rejected.Violation;
import io.adaptermill.ingest.screen.FieldNames;
import io.adaptermill.ingest.screen.TextSize;
import io.adaptermill.kafka.EventRead;
import io.adaptermill.kafka.EventRecords;
import io.adaptermill.kafka.RecordPlace;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.Topics;
import io.adaptermill.schemas.error.ContractViolation;
import io.adaptermill.schemas.event.Envelope;
import io.adaptermill.schemas.event.FeedbackReceived;
import io.adaptermill.schemas.id.TenantId;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/// Reads handed-in events by the very rules that hold for records on Kafka, so that both ways in mean the same, and
/// tells strangers more: every misspelt field, with what was probably meant.
final class FeedbackReader {
    private static final JsonMapper JSON = EventJson.mapper();
    private static final Set<String> VERSION_FIELDS = Set.of("ce_type", "ce_specversion");
    private static final String SOURCE = "/adaptermill/ingest";

    private FeedbackReader() {}

    static Reading read(Submission submission, TenantId tenant, Instant now) {
        Optional<Rejected> misspelt = misspelt(submission.data());
        if (misspelt.isPresent()) return new Reading.Refused(submission.id(), misspelt.get());
        RecordPlace place = new RecordPlace(Topics.FEEDBACK_RECEIVED.name(), 0, 0, now.toEpochMilli());
        return switch (EventRecords.read(
                Topics.FEEDBACK_RECEIVED,
                place,
                EventRecords.key(tenant),
                headers(submission.attributes()),
                submission.data())) {
            case EventRead.Readable<FeedbackReceived>(var envelope) -> screened(submission, envelope);
            case EventRead.Unreadable<FeedbackReceived> unreadable ->
                new Reading.Refused(submission.id(), rejected(unreadable.violation()));
            case EventRead.Removed<FeedbackReceived> _ ->
                throw new IllegalStateException("a body is never absent, yet it was read as a removal");
        };
    }

    private static Reading screened(Submission submission, Envelope<FeedbackReceived> envelope) {
        long bytes = TextSize.bytes(envelope.event().feedback());
        return bytes <= TextSize.BYTES_MAX
                ? new Reading.Accepted(envelope)
                : new Reading.Refused(
                        submission.id(),
                        Rejected.because(
                                Problem.TOO_LARGE,
                                "the event has " + bytes + " bytes of text, at most " + TextSize.BYTES_MAX
                                        + " are taken"));
    }

    private static Optional<Rejected> misspelt(byte[] data) {
        List<Violation> violations;
        try {
            violations = FieldNames.unknown(JSON.readTree(data)).stream()
                    .map(field -> new Violation(
                            field.path(),
                            "is not a field of this kind of feedback"
                                    + field.meant()
                                            .map(meant -> "; did you mean \"" + meant + "\"?")
                                            .orElse("")))
                    .toList();
        } catch (IOException e) {
            // What is no JSON is told by the reading proper, with its place.
            return Optional.empty();
        }
        return violations.isEmpty() ? Optional.empty() : Optional.of(Rejected.because(Problem.INVALID, violations));
    }

    private static Rejected rejected(ContractViolation violation) {
        if (isUnreadable(violation)) {
            return Rejected.because(Problem.MALFORMED, "the body " + violation.rule());
        }
        return Rejected.because(
                VERSION_FIELDS.contains(violation.field()) ? Problem.UNSUPPORTED_VERSION : Problem.INVALID,
                List.of(new Violation(violation.field().replace("ce_", "ce-"), violation.rule())));
    }

    private static boolean isUnreadable(ContractViolation violation) {
        return violation.field().equals("data")
                && (violation.rule().startsWith("must be JSON")
                        || violation.rule().equals("must be UTF-8"));
    }

    private static Headers headers(Map<String, String> attributes) {
        Headers headers = new RecordHeaders();
        attributes.forEach((name, value) -> headers.add("ce_" + name, value.getBytes(StandardCharsets.UTF_8)));
        return headers;
    }

    /// Attributes for feedback that came without any.
    static Map<String, String> attributes(String id) {
        return Map.of("specversion", "1.0", "id", id, "source", SOURCE, "type", Topics.FEEDBACK_RECEIVED.eventType());
    }

    /// A CloudEvent as one JSON object.
    static Optional<Submission> structured(JsonNode event) {
        if (!event.isObject() || event.path("data").isMissingNode()) return Optional.empty();
        Map<String, String> attributes = event.properties().stream()
                .filter(field -> field.getValue().isTextual() && !field.getKey().equals("data"))
                .collect(Collectors.toMap(
                        Map.Entry::getKey, field -> field.getValue().textValue()));
        return Optional.of(new Submission(attributes, EventJson.write(event.path("data"))));
    }

    /// Plain feedback, with an id of its own if the sender gave one: only then can a repetition be recognised.
    ///
    /// @return why not, if its id is no text: made into one, two senders' different ids could become the same
    static Part plain(JsonNode feedback, String idOtherwise) {
        if (!(feedback instanceof ObjectNode object)) return readable(feedback, idOtherwise);
        ObjectNode data = object.deepCopy();
        @Nullable JsonNode id = data.remove("id");
        if (id == null || id.isNull()) return readable(data, idOtherwise);
        return id.isTextual()
                ? readable(data, id.textValue())
                : new Part.Broken(Rejected.because(Problem.INVALID, List.of(new Violation("id", "must be a string"))));
    }

    private static Part readable(JsonNode data, String id) {
        return new Part.Readable(new Submission(attributes(id), EventJson.write(data)));
    }

    /// Strict about UTF-8, as for records on Kafka: by itself the parser takes other encodings, and characters spelled
    /// in more bytes than they need.
    ///
    /// @throws JsonProcessingException if it is no JSON; its message quotes the sender, so only its place is told
    /// @throws CharacterCodingException if it is not UTF-8
    static JsonNode json(byte[] body) throws IOException {
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(body))
                .toString();
        JsonNode node = JSON.readTree(text);
        if (node.isMissingNode()) throw new EOFException("no JSON in " + body.length + " bytes");
        return node;
    }
}
