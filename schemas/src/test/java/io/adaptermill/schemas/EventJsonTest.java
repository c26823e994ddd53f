package io.adaptermill.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaptermill.schemas.event.AdapterRef;
import io.adaptermill.schemas.event.BatchClosed;
import io.adaptermill.schemas.event.BatchItem;
import io.adaptermill.schemas.event.CloseReason;
import io.adaptermill.schemas.event.FeedbackReceived;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.feedback.Example;
import io.adaptermill.schemas.feedback.Feedback;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.BatchId;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.VersionId;
import io.adaptermill.schemas.policy.Recipe;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventJsonTest {
    @Test
    void a_batch_survives_the_round_trip() {
        // Given
        Digest digest = Digest.of(new byte[] {1});
        BatchClosed batch = new BatchClosed(
                BatchId.parse("acme#7"),
                CloseReason.COUNT,
                Optional.of(new AdapterRef(VersionId.parse("acme@6"), digest)),
                Recipe.DEFAULT,
                42,
                3,
                100,
                List.of(new BatchItem(
                        new EventId("e-1"),
                        Optional.empty(),
                        new Example.Edit(Prompt.ofUser("How?"), "No.", "Like this."))));

        // When
        BatchClosed read = EventJson.read(EventJson.write(batch), BatchClosed.class);

        // Then
        assertThat(read).isEqualTo(batch);
    }

    @Test
    void a_policy_survives_the_round_trip() {
        // Given
        TenantPolicy policy = TenantPolicy.withDefaults(List.of(Digest.of(new byte[] {2})));

        // When
        TenantPolicy read = EventJson.read(EventJson.write(policy), TenantPolicy.class);

        // Then
        assertThat(read).isEqualTo(policy);
    }

    @Test
    void a_plain_string_is_a_prompt_of_one_user_message() {
        // Given
        byte[] json = bytes("{\"kind\":\"rating\",\"prompt\":\"Hi\",\"response\":\"Hello\",\"thumb\":\"up\"}");

        // When
        FeedbackReceived read = EventJson.read(json, FeedbackReceived.class);

        // Then
        assertThat(((Feedback.Rating) read.feedback()).prompt()).contains(Prompt.ofUser("Hi"));
    }

    @Test
    void a_missing_field_is_named() {
        // Given
        byte[] json = bytes("{\"kind\":\"demonstration\",\"prompt\":\"Hi\"}");

        // When / Then
        assertThatThrownBy(() -> EventJson.read(json, FeedbackReceived.class))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("response");
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }
}
