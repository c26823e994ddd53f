package io.adaptermill.lora.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.model.ModelConfig;
import io.adaptermill.lora.plan.Planner.Choice;
import io.adaptermill.lora.transformer.Activations;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The claims of QLoRA's paper (Dettmers et al. 2023), with its rank of 64 on every linear and one sequence
/// of 512.
class MemoryPlanTest {
    private static final ModelConfig LLAMA_33B = llama(60, 6656, 17_920, 52);
    private static final ModelConfig LLAMA_65B = llama(80, 8192, 22_016, 64);
    private static final long GIB = 1L << 30;

    @Test
    void sixty_five_billion_weights_fit_a_card_of_48_gib_with_double_quantisation_and_paged_moments() {
        // When
        Optional<Choice> fastest = planner(LLAMA_65B, LinearStorage.NF4_DOUBLE).fastest(64, 1, 512, 48 * GIB);

        // Then
        assertThat(fastest.map(Choice::work)).contains(new Workload(64, 1, 512, Activations.RECOMPUTED, true));
        assertThat(fastest.orElseThrow().plan().bytes()).isBetween(40 * GIB, 48 * GIB);
    }

    @Test
    void without_paging_or_with_16_bits_they_do_not() {
        for (Choice choice : planner(LLAMA_65B, LinearStorage.NF4_DOUBLE).choices(64, 1, 512)) {
            assertThat(choice.plan().fits(48 * GIB))
                    .isEqualTo(choice.work().equals(new Workload(64, 1, 512, Activations.RECOMPUTED, true)));
        }
        assertThat(planner(LLAMA_65B, LinearStorage.BF16).fastest(64, 1, 512, 120 * GIB))
                .isEmpty();
    }

    @Test
    void thirty_three_billion_weights_fit_24_gib() {
        assertThat(planner(LLAMA_33B, LinearStorage.NF4_DOUBLE).fastest(64, 1, 512, 24 * GIB))
                .isPresent();
        assertThat(planner(LLAMA_33B, LinearStorage.NF4).fastest(64, 1, 512, 24 * GIB))
                .isEmpty();
    }

    @Test
    void double_quantisation_saves_three_gigabytes_of_65_billion_weights() {
        long weights = MemoryPlan.linearWeights(LLAMA_65B);

        assertThat(weights).isEqualTo(64_760_053_760L);
        assertThat(LinearStorage.NF4_DOUBLE.bits()).isCloseTo(4.127, within(1e-3));
        assertThat(LinearStorage.NF4.bytes(weights) - LinearStorage.NF4_DOUBLE.bytes(weights))
                .isCloseTo(3_000_000_000L, within(50_000_000L));
    }

    @Test
    void sizes_are_read_as_card_makers_and_disk_makers_write_them() {
        assertThat(Sizes.parse("48GiB")).isEqualTo(48 * GIB);
        assertThat(Sizes.parse("1.5 G")).isEqualTo(3 * GIB / 2);
        assertThat(Sizes.parse("24GB")).isEqualTo(24_000_000_000L);
        assertThat(Sizes.parse("512M")).isEqualTo(GIB / 2);
        assertThatThrownBy(() -> Sizes.parse("much")).hasMessage("a size must look like 48GiB or 512MiB, was much");
        assertThat(Sizes.text(3 * GIB / 2)).isEqualTo("1.50 GiB");
    }

    private static Planner planner(ModelConfig model, LinearStorage storage) {
        return new Planner(model, storage, Precision.BF16, Place.GPU);
    }

    private static ModelConfig llama(int layers, int hidden, int intermediate, int heads) {
        return new ModelConfig(32_000, layers, hidden, intermediate, heads, heads, 128, 2048, 10_000, 1e-6, Set.of());
    }
}
