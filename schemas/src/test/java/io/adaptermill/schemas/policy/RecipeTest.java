package io.adaptermill.schemas.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaptermill.schemas.EventJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RecipeTest {
    @Test
    void a_part_spelt_out_at_its_default_is_as_if_absent() {
        // When
        Recipe spelt = Recipe.DEFAULT
                .withVariant(Variant.DEFAULT)
                .withRanks(Ranks.DEFAULT)
                .withPractice(Practice.DEFAULT)
                .withLosses(Losses.DEFAULT)
                .withContinual(Continual.DEFAULT);

        // Then
        assertThat(spelt).isEqualTo(Recipe.DEFAULT);
        assertThat(EventJson.write(spelt)).isEqualTo(EventJson.write(Recipe.DEFAULT));
        assertThat(new String(EventJson.write(spelt), StandardCharsets.UTF_8)).endsWith("\"preferenceWeight\":0.2}");
    }

    static Stream<Recipe> everyKind() {
        return Stream.concat(
                Variant.EACH.stream().map(Recipe.DEFAULT::withVariant),
                Continual.EACH.stream().map(Recipe.DEFAULT::withContinual));
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void every_kind_comes_back_from_json_as_it_was(Recipe recipe) {
        assertThat(EventJson.read(EventJson.write(recipe), Recipe.class)).isEqualTo(recipe);
    }

    @Test
    void there_is_one_default_for_every_kind() {
        assertThat(types(Variant.EACH)).isEqualTo(List.of(Variant.class.getPermittedSubclasses()));
        assertThat(types(Continual.EACH)).isEqualTo(List.of(Continual.class.getPermittedSubclasses()));
    }

    private static List<Class<?>> types(List<?> each) {
        return each.stream().<Class<?>>map(Object::getClass).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "q_proj, model.layers.0.self_attn.q_proj, true",
        "self_attn.q_proj, model.layers.0.self_attn.q_proj, true",
        "layers.1.self_attn.q_proj, model.layers.11.self_attn.q_proj, false",
        "layers.1.self_attn.q_proj|up_proj, model.layers.3.mlp.up_proj, true",
        "proj, model.layers.0.self_attn.q_proj, false",
        "model.layers.0.self_attn.q_proj, model.layers.0.self_attn.q_proj, true",
    })
    void a_pattern_fits_whole_segments_at_the_end_of_a_path(String modules, String path, boolean fits) {
        assertThat(new Ranks.RankPattern(modules, 4, 8).fits(path)).isEqualTo(fits);
    }

    @Test
    void a_rank_that_training_is_to_reach_must_not_exceed_the_one_it_starts_from() {
        assertThatThrownBy(() -> Recipe.DEFAULT.withVariant(new Variant.DyLora(9)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must not exceed rank 8");
    }

    @ParameterizedTest
    @CsvSource({"(a+)+b", "a*", "a|", "'.a'", "''"})
    void a_pattern_is_names_and_no_expression(String modules) {
        assertThatThrownBy(() -> new Ranks(List.of(new Ranks.RankPattern(modules, 4, 8)), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("modules must be");
    }
}
