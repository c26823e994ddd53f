package io.adaptermill.cli.adapters;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.cli.CommandFailure;
import io.adaptermill.cli.Exit;
import io.adaptermill.lora.BaseModel;
import io.adaptermill.lora.Completion;
import io.adaptermill.lora.Score;
import io.adaptermill.lora.Scorer;
import io.adaptermill.lora.compose.Fusion;
import io.adaptermill.lora.compose.GradientFree;
import io.adaptermill.lora.export.AdapterExport;
import io.adaptermill.lora.export.EveryLayer;
import io.adaptermill.lora.export.LogitCertificate;
import io.adaptermill.lora.export.ModelFolder;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.merge.MergedBase;
import io.adaptermill.lora.merge.MergedStorage;
import io.adaptermill.lora.merge.WeightError;
import io.adaptermill.lora.source.BaseStorage;
import io.adaptermill.schemas.id.Digest;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleConsumer;

/// What needs the base model itself; runs only where the engine is
/// ([io.adaptermill.cli.stack.EngineProcess#isHere]).
public final class EngineWork {
    private static final double WEIGHT_MAX = 1.5;
    private static final double FIRST_STEP = 0.3;

    private EngineWork() {}

    /// How to look for weights; in words that a virtual machine without the engine knows too.
    ///
    /// @param l1 price of each unit of weight, in nats per token
    public record Search(int evaluations, double l1, long seed) {}

    /// What was found.
    ///
    /// @param adapter absent if none helps
    /// @param loss nats per token
    public record Fused(List<Double> weights, Optional<Adapter> adapter, double loss, double lossOfBase) {
        public Fused {
            weights = List.copyOf(weights);
        }
    }

    /// A PEFT folder for vLLM, SGLang and LoRAX with a certificate beside it.
    public static LogitCertificate forServing(NamedAdapter adapter, int rankMin, Path model, Path folder) {
        try (BaseModel base = open(model)) {
            requireBase(adapter, base, model);
            return new AdapterExport(base).forServing(adapter.adapter(), adapter.digest(), rankMin, folder);
        } catch (UncheckedIOException e) {
            throw unwritable(e);
        }
    }

    /// A GGUF file for llama.cpp.
    public static Path forLlamaCpp(NamedAdapter adapter, Path model, Path folder) {
        try (BaseModel base = open(model)) {
            requireBase(adapter, base, model);
            return new AdapterExport(base).forLlamaCpp(adapter.adapter(), folder);
        } catch (UncheckedIOException e) {
            throw unwritable(e);
        }
    }

    /// A model with an adapter in its weights.
    ///
    /// @param weights that the adapter changed
    /// @param storage of the worst of them if they were stored as the base is
    /// @param lost by that, relative to what the adapter changed there
    /// @param worst module
    public record Whole(int weights, String storage, double lost, String worst) {}

    /// The base with an adapter in its weights, as a Hugging Face folder.
    ///
    /// @param like a folder whose configuration and tokenizer are copied
    public static Whole wholeModel(NamedAdapter adapter, Path model, Path like, boolean bf16, Path folder) {
        if (!Files.isDirectory(like)) {
            throw new CommandFailure(
                    Exit.USAGE, like + " is no Hugging Face folder.", "name one of the same model with --like");
        }
        try (BaseModel base = open(model)) {
            requireOf(adapter, base, model);
            try (MergedBase dense = MergedBase.of(base.checkpoint(), adapter.adapter(), MergedStorage.DENSE)) {
                ModelFolder.write(dense.checkpoint(), like, bf16 ? Precision.BF16 : Precision.F32, folder);
            }
            try (MergedBase again = MergedBase.of(base.checkpoint(), adapter.adapter(), MergedStorage.AS_BASE)) {
                WeightError worst = again.errors().stream()
                        .max(Comparator.comparingDouble(WeightError::relativeToUpdate))
                        .orElseThrow();
                return new Whole(again.errors().size(), worst.storage(), worst.relativeToUpdate(), worst.module());
            }
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(
                    Exit.FAILED, adapter.name() + " cannot be merged: " + e.getMessage() + ".", "check --like", e);
        } catch (UncheckedIOException e) {
            throw unwritable(e);
        }
    }

    /// An adapter that is one of a base, as far as shapes and names can prove that.
    ///
    /// @param adapter with every layer, so that trainers and servers load it
    /// @param base the base's fingerprint
    public record Fitting(Adapter adapter, Digest base) {}

    /// @throws CommandFailure if it belongs to another base
    public static Fitting fitting(NamedAdapter adapter, Path model) {
        try (BaseModel base = open(model)) {
            requireBase(adapter, base, model);
            return new Fitting(EveryLayer.of(adapter.adapter(), base.config()), new Digest(base.fingerprint()));
        }
    }

    /// Weights for a task, by its examples, as [Fusion] finds them.
    ///
    /// @param watcher told the mean loss of each try, nats per token
    public static Fused fuse(
            List<NamedAdapter> adapters,
            List<Demonstrations.Pair> pairs,
            Search search,
            Path model,
            DoubleConsumer watcher) {
        try (BaseModel base = open(model, Precision.BF16)) {
            for (NamedAdapter adapter : adapters) requireBase(adapter, base, model);
            Scorer scorer = new Scorer(base);
            List<Completion> examples = pairs.stream()
                    .map(pair -> new Completion(pair.prompt(), pair.response()))
                    .toList();
            Fusion.Fused found = Fusion.of(
                    adapters.stream()
                            .map(each -> EveryLayer.of(each.adapter(), base.config()))
                            .toList(),
                    adapter -> {
                        double loss = scorer.score(adapter, examples).stream()
                                .mapToDouble(Score::natsPerToken)
                                .average()
                                .orElseThrow();
                        watcher.accept(loss);
                        return loss;
                    },
                    new GradientFree(search.evaluations(), WEIGHT_MAX, search.l1(), FIRST_STEP, search.seed()));
            return new Fused(found.weights(), found.adapter(), found.loss(), found.lossOfBase());
        }
    }

    private static BaseModel open(Path model) {
        return open(model, Precision.F32);
    }

    private static BaseModel open(Path model, Precision precision) {
        try {
            return BaseModel.open(model, BaseStorage.configured(), precision);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(
                    Exit.FAILED, "The base model cannot be read: " + e.getMessage() + ".", "check --model", e);
        }
    }

    private static void requireBase(NamedAdapter adapter, BaseModel base, Path model) {
        requireOf(adapter, base, model);
        try {
            adapter.adapter().requirePlain();
        } catch (IllegalArgumentException e) {
            throw misfit(adapter, e);
        }
    }

    private static void requireOf(NamedAdapter adapter, BaseModel base, Path model) {
        Digest fingerprint = new Digest(base.fingerprint());
        if (adapter.base().filter(named -> !named.equals(fingerprint)).isPresent()) {
            throw new CommandFailure(
                    Exit.FAILED,
                    adapter.name() + " belongs to the base model "
                            + adapter.base().orElseThrow() + ", " + model + " is " + fingerprint + ".",
                    "give its base with --model");
        }
        try {
            base.config().requireFits(adapter.adapter());
        } catch (IllegalArgumentException e) {
            throw misfit(adapter, e);
        }
    }

    private static CommandFailure misfit(NamedAdapter adapter, IllegalArgumentException e) {
        return new CommandFailure(
                Exit.FAILED, adapter.name() + " does not fit: " + e.getMessage() + ".", "check --model", e);
    }

    private static CommandFailure unwritable(UncheckedIOException e) {
        return new CommandFailure(
                Exit.FAILED, e.getMessage() + ": " + e.getCause() + ".", "give a new folder with --to", e);
    }
}
