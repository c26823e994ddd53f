package io.adaptermill.cli.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.cli.policy.PolicyReader.Reading;
import io.adaptermill.schemas.event.TenantPolicy;
import io.adaptermill.schemas.id.Digest;
import io.adaptermill.schemas.id.TenantId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyWriterTest {
    private static final TenantId ACME = new TenantId("acme");
    /// What `./adaptermill tenants show --comments` prints.
    private static final Path EXAMPLE = Path.of("..", "docs", "tenant-policy.yaml");

    static Stream<TenantPolicy> policies() {
        TenantPolicy plain = TenantPolicy.withDefaults(List.of());
        return Stream.of(
                plain,
                TenantPolicy.withDefaults(List.of(Digest.of(new byte[] {1}), Digest.of(new byte[] {2}))),
                PolicyTree.with(plain, Map.of("recipe.variant.kind", "sora", "recipe.variant.gateDecay", "1e-7")),
                PolicyTree.with(
                        plain,
                        Map.of(
                                "recipe.ranks.patterns", "[{\"modules\":\"layers.0|q_proj\",\"rank\":2,\"alpha\":4}]",
                                "recipe.ranks.allocation.budget", "99",
                                "gate.approval", "person",
                                "batch.ageMax", "PT1.5S")));
    }

    @ParameterizedTest
    @MethodSource("policies")
    void what_is_written_is_read_again(TenantPolicy policy) {
        // When
        Reading plain = PolicyReader.read(PolicyWriter.write(ACME, policy, false));
        Reading explained = PolicyReader.read(PolicyWriter.write(ACME, policy, true));

        // Then
        Reading expected = new Reading.Valid(
                List.of(new PolicyDocument(ACME, !policy.apiKeys().isEmpty(), policy)));
        assertThat(plain).isEqualTo(expected);
        assertThat(explained).isEqualTo(expected);
    }

    @Test
    void parts_that_are_absent_are_shown_with_what_their_absence_means() {
        // When
        String text = PolicyWriter.write(ACME, TenantPolicy.withDefaults(List.of()), false);

        // Then
        assertThat(text)
                .contains(
                        "    variant:\n      kind: lora\n",
                        "      schedule: linearToTenth\n",
                        "    approval: automatic\n")
                .doesNotContain("allocation", "apiKeys", "#");
    }

    @Test
    void the_example_of_the_documentation_is_valid_and_complete() throws IOException {
        // Given
        String example = Files.readString(EXAMPLE);

        // When
        Reading reading = PolicyReader.read(example);

        // Then
        TenantPolicy defaults = TenantPolicy.withDefaults(List.of());
        assertThat(reading).isEqualTo(new Reading.Valid(List.of(new PolicyDocument(ACME, false, defaults))));
        assertThat(example)
                .as("out of date: ./adaptermill tenants show --comments > docs/tenant-policy.yaml")
                .isEqualTo(PolicyWriter.write(ACME, defaults, true));
    }
}
