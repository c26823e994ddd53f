package io.adaptermill.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Schema and reader refuse the same documents: a producer that validates before it sends is never surprised.
class WrongDocumentTest {
    /// Rules between two fields, which the reader checks and a schema cannot say.
    private static final List<String> RULES_BETWEEN_FIELDS = List.of(
            "must not exceed",
            "must end with a user message",
            "version must be",
            "step must be in",
            "holdoutExamplesMax must be in",
            "rule must ask for improvement");

    static Set<String> goldens() {
        return Samples.BY_NAME.keySet();
    }

    /// About 170 small changes to each golden document.
    @ParameterizedTest
    @MethodSource("goldens")
    void schema_and_reader_agree(String golden) {
        // Given
        Contract contract = Contract.named(golden);

        // When
        Stream<String> disagreements =
                Mutation.all(golden).stream().flatMap(mutation -> disagreement(contract, mutation).stream());

        // Then
        assertThat(disagreements).isEmpty();
    }

    private static Optional<String> disagreement(Contract contract, Mutation mutation) {
        List<String> violations = contract.violations(mutation.document());
        Optional<String> refusal = refusal(contract, bytes(mutation.document()));
        if (violations.isEmpty()) {
            return refusal.filter(WrongDocumentTest::withinOneField)
                    .map(reason -> mutation + ": only the reader refuses: " + reason);
        }
        return refusal.isPresent() || tolerated(mutation)
                ? Optional.empty()
                : Optional.of(mutation + ": only the schema refuses: " + violations);
    }

    private static byte[] bytes(JsonNode document) {
        return document.toString().getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            feedback.received | {"kind":"rating","inferenceId":"i","thumb":"up","score":1}
            feedback.received | {"kind":"rating","inferenceId":"i"}
            feedback.received | {"kind":"rating","thumb":"up"}
            feedback.received | {"kind":"rating","prompt":"Hi","thumb":"up"}
            feedback.received | {"kind":"rating","inferenceId":"i","prompt":"Hi","response":"a","thumb":"up"}
            feedback.received | {"kind":"rating","inferenceId":"i","response":"a","thumb":"up"}
            feedback.received | {"kind":"rating","inferenceId":"i","thumb":"sideways"}
            feedback.received | {"kind":"rating","inferenceId":"i","score":1.01}
            feedback.received | {"kind":"rating","inferenceId":"with space","score":1}
            feedback.received | {"kind":"edit","inferenceId":"i"}
            feedback.received | {"kind":"edit","inferenceId":"i","original":"a","edited":"b"}
            feedback.received | {"kind":"edit","prompt":"Hi","edited":"b"}
            feedback.received | {"kind":"preference","prompt":"Hi","chosen":"a"}
            feedback.received | {"kind":"preference","prompt":[],"chosen":"a","rejected":"b"}
            feedback.received | {"kind":"demonstration","prompt":"Hi","response":"a","thumb":"up"}
            feedback.received | {"kind":"demonstration","prompt":[{"role":"user"}],"response":"a"}
            feedback.received | {"kind":"demonstration","prompt":[{"role":"tool","content":"x"}],"response":"a"}
            feedback.received | {"kind":"demonstration","prompt":"Hi","response":"a","subject":"tab\\there"}
            feedback.received | {"kind":"Rating","inferenceId":"i","thumb":"up"}
            feedback.received | ["rating"]
            feedback.received | ["rating",{"inferenceId":"i","thumb":"up"}]
            feedback.received | {"kind":["rating"],"inferenceId":"i","thumb":"up"}
            feedback.received | null
            feedback.received | "rating"
            training.failed   | {"batch":"acme/1","step":0,"reason":"r","nextStep":"n"}
            training.failed   | {"batch":"acme#01","step":0,"reason":"r","nextStep":"n"}
            training.failed   | {"batch":"-acme#1","step":0,"reason":"r","nextStep":"n"}
            serving.adapters  | {"champion":{"version":"acme@1","artifact":"sha256:12"},"base":"sha256:12"}
            """)
    void both_refuse(String suffix, String json) {
        // Given
        Contract contract = Contract.named(suffix + ".v1");
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);

        // When
        JsonNode document = Contract.json(bytes);

        // Then
        assertThat(contract.violations(document)).isNotEmpty();
        assertThat(refusal(contract, bytes)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "P", "PT", "P1DT", "1H", "PT1", "P1H", "-PT1M", "PT0S", "P0DT0H", "PT1H1D"})
    void no_duration_to_both(String text) {
        // Given
        Contract contract = Contract.of(Topics.TENANT_POLICIES);
        ObjectNode policy = (ObjectNode) Contract.json("/golden/tenant.policies.v1.json");
        ((ObjectNode) policy.path("batch")).put("ageMax", text);

        // When
        List<String> violations = contract.violations(policy);

        // Then
        assertThat(violations).isNotEmpty();
        assertThat(refusal(contract, bytes(policy))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1S", "PT0.5S", "PT90M", "P1D", "P2DT3H4M5.678S", "PT36H"})
    void a_duration_to_both(String text) {
        // Given
        Contract contract = Contract.of(Topics.TENANT_POLICIES);
        ObjectNode policy = (ObjectNode) Contract.json("/golden/tenant.policies.v1.json");
        ((ObjectNode) policy.path("batch")).put("ageMax", text);

        // When
        List<String> violations = contract.violations(policy);

        // Then
        assertThat(violations).isEmpty();
        assertThat(refusal(contract, bytes(policy))).isEmpty();
    }

    private static Optional<String> refusal(Contract contract, byte[] bytes) {
        try {
            contract.read(bytes);
            return Optional.empty();
        } catch (UncheckedIOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static boolean withinOneField(String refusal) {
        return RULES_BETWEEN_FIELDS.stream().noneMatch(refusal::contains);
    }

    /// Kindness of the reader that the schema does not promise: null for absent, seconds for a duration.
    private static boolean tolerated(Mutation mutation) {
        return mutation.isNull() || mutation.what().matches("/batch/(ageMax|decisionWaitMax) = [0-9.e]+");
    }
}
