package io.adaptermill.ingest.split;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.policy.HoldoutPolicy;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class HoldoutSplitTest {
    private static final TenantId ACME = new TenantId("acme");

    @Test
    void the_share_is_kept() {
        // When
        long heldOut = IntStream.range(0, 10_000)
                .filter(i -> HoldoutSplit.isHeldOut(ACME, Prompt.ofUser("question " + i), new HoldoutPolicy(0.15)))
                .count();

        // Then: four standard deviations
        assertThat(heldOut).isCloseTo(1_500, Offset.offset(143L));
    }

    @Test
    void the_same_question_falls_on_one_side_however_it_is_spaced_or_capitalised() {
        // When
        double plain = HoldoutSplit.position(ACME, Prompt.ofUser("How do I return a lamp?"));
        double shouted = HoldoutSplit.position(ACME, Prompt.ofUser("  how DO I\n return\u00a0a lamp? "));
        double other = HoldoutSplit.position(ACME, Prompt.ofUser("How do I return a lamp!"));

        // Then
        assertThat(shouted).isEqualTo(plain);
        assertThat(other).isNotEqualTo(plain);
    }

    @Test
    void the_side_never_changes_between_releases() {
        // When
        double position = HoldoutSplit.position(ACME, Prompt.ofUser("Hello"));

        // Then: the first 52 bits of sha256("acme\nUSER hello")
        assertThat(position).isEqualTo(0.7037676077667552);
    }

    @Test
    void tenants_split_apart() {
        // When
        double ours = HoldoutSplit.position(ACME, Prompt.ofUser("Hello"));
        double theirs = HoldoutSplit.position(new TenantId("other"), Prompt.ofUser("Hello"));

        // Then
        assertThat(theirs).isNotEqualTo(ours);
    }

    @Test
    void a_larger_share_keeps_what_a_smaller_one_held_out() {
        // When
        boolean lost = IntStream.range(0, 1_000)
                .mapToObj(i -> Prompt.ofUser("question " + i))
                .anyMatch(prompt -> HoldoutSplit.isHeldOut(ACME, prompt, new HoldoutPolicy(0.1))
                        && !HoldoutSplit.isHeldOut(ACME, prompt, new HoldoutPolicy(0.3)));

        // Then
        assertThat(lost).isFalse();
    }
}
