package io.adaptermill.cli.planning;

import io.adaptermill.cli.terminal.Table;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.model.ModelConfig;
import io.adaptermill.lora.plan.LinearStorage;
import io.adaptermill.lora.plan.Part;
import io.adaptermill.lora.plan.Place;
import io.adaptermill.lora.plan.Planner;
import io.adaptermill.lora.plan.Sizes;
import io.adaptermill.lora.source.ModelFiles;
import io.adaptermill.lora.transformer.Activations;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Whether a model fits, and why.
public record PlanReport(boolean fits, List<String> lines) {
    public PlanReport {
        lines = List.copyOf(lines);
    }

    /// What is trained at once.
    public record Work(int rank, int sequences, int tokens) {}

    /// @param gpu memory of a card, or
    /// @param memory for a run without one
    /// @param storage of the linears; absent for the file's own
    /// @throws IllegalArgumentException if a word cannot be read, or there is no such model
    public static PlanReport of(
            Path model, @Nullable String gpu, @Nullable String memory, @Nullable String storage, Work work) {
        Place place = gpu == null ? Place.CPU : Place.GPU;
        long budget = Sizes.parse(gpu == null ? String.valueOf(memory) : gpu);
        ModelConfig config = ModelFiles.config(model);
        Planner planner = new Planner(config, storage(model, storage), Precision.BF16, place);
        Optional<Planner.Choice> fastest = planner.fastest(work.rank(), work.sequences(), work.tokens(), budget);
        Planner.Choice shown = fastest.orElseGet(() ->
                planner.choices(work.rank(), work.sequences(), work.tokens()).getLast());
        List<String> lines = new ArrayList<>();
        Table table = new Table("PART", "SIZE", "WHY");
        for (Part part : shown.plan().parts()) table.row(part.name(), Sizes.text(part.bytes()), part.why());
        table.row("total", Sizes.text(shown.plan().bytes()), setting(shown));
        lines.addAll(table.lines());
        lines.add("");
        lines.add(verdict(shown.plan().bytes(), budget));
        return new PlanReport(fastest.isPresent(), lines);
    }

    private static String setting(Planner.Choice choice) {
        String blocks = choice.work().activations() == Activations.KEPT
                ? "nothing computed twice"
                : "recipe.practice.checkpointing";
        String moments = choice.work().momentsPaged() ? "recipe.practice.pagedAboveMiB" : "no paging";
        return blocks + ", " + moments;
    }

    private static String verdict(long bytes, long budget) {
        return bytes <= budget
                ? "fits " + Sizes.text(budget) + ", with " + Sizes.text(budget - bytes) + " to spare"
                : "does not fit " + Sizes.text(budget) + ": " + Sizes.text(bytes - budget)
                        + " too much, even so; fewer tokens at once, a smaller rank or fewer bits would help";
    }

    private static LinearStorage storage(Path model, @Nullable String word) {
        if (word != null) return named(word);
        String file = model.toString();
        if (!file.endsWith(".gguf")) return LinearStorage.NF4_DOUBLE;
        for (LinearStorage each : LinearStorage.values()) {
            if (file.toUpperCase(Locale.ROOT).contains("." + each.name())) return each;
        }
        throw new IllegalArgumentException("the file's name does not say how its linears are stored: name --storage");
    }

    private static LinearStorage named(String word) {
        try {
            return LinearStorage.valueOf(word.toUpperCase(Locale.ROOT).replace("+DQ", "_DOUBLE"));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "--storage must be one of " + List.of(LinearStorage.values()) + ", was " + word, e);
        }
    }
}
