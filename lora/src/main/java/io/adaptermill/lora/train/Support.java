package io.adaptermill.lora.train;

import io.adaptermill.schemas.policy.Continual;
import io.adaptermill.schemas.policy.Practice;
import io.adaptermill.schemas.policy.Recipe;
import io.adaptermill.schemas.policy.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What of a recipe this trainer carries out; the rest is refused in words and never ignored, because a
/// tenant would take the result for what was asked.
final class Support {
    private Support() {}

    /// @return what cannot be carried out and what to do about it; empty if all can
    static Optional<String> refusal(Recipe recipe) {
        List<String> missing = new ArrayList<>();
        recipe.variant().filter(variant -> !trains(variant)).ifPresent(part -> missing.add("variant " + part));
        recipe.ranks().ifPresent(part -> missing.add("ranks"));
        recipe.practice().ifPresent(part -> refuse(part, missing));
        recipe.continual().filter(part -> !keeps(part)).ifPresent(part -> missing.add("continual " + part));
        if (missing.isEmpty()) return Optional.empty();
        return Optional.of("this trainer does not carry out " + String.join(", ", missing)
                + " yet: take that out of the tenant's recipe, or train with a newer Adaptermill");
    }

    private static boolean trains(Variant variant) {
        return variant instanceof Variant.Lora;
    }

    private static void refuse(Practice practice, List<String> missing) {
        if (practice.dropout() != Practice.DEFAULT.dropout()) missing.add("practice.dropout");
    }

    private static boolean keeps(Continual continual) {
        return !(continual instanceof Continual.Replay);
    }
}
