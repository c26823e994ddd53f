package io.adaptermill.artifacts.peft;

import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.artifacts.MalformedFile;
import io.adaptermill.artifacts.OptimizerState;
import io.adaptermill.artifacts.PrivacyLedger;
import io.adaptermill.artifacts.safetensors.SafetensorsFile;
import io.adaptermill.artifacts.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// `optimizer.safetensors`: both moments under the prefixes `first.` and `second.`, what the batches so far
/// need under `importance.` if it was measured, the step and what privacy has cost in the metadata.
public final class OptimizerFile {
    private static final String FIRST = "first.";
    private static final String SECOND = "second.";
    private static final String IMPORTANCE = "importance.";
    private static final String FORM = "form.";
    private static final String STEP = "step";
    private static final String VARIANT = "variant";
    private static final String PRIVACY = "privacy";
    private static final String NEXT = "refuse this artifact and train the version again";

    private OptimizerFile() {}

    public static void write(OptimizerState state, OutputStream out) throws IOException {
        SortedMap<String, FloatTensor> tensors = PeftWeights.tensors(FIRST, state.first());
        tensors.putAll(PeftWeights.tensors(SECOND, state.second()));
        tensors.putAll(PeftWeights.tensors(IMPORTANCE, state.importance()));
        SortedMap<String, String> metadata = PeftWeights.metadata();
        metadata.put(STEP, Long.toString(state.step()));
        state.form().ifPresent(form -> {
            metadata.put(VARIANT, form.variant());
            form.tensors().forEach((name, tensor) -> tensors.put(FORM + name, tensor));
        });
        state.privacy().ifPresent(ledger -> metadata.put(PRIVACY, ledger.text()));
        SafetensorsWriter.write(metadata, tensors, out);
    }

    /// @throws MalformedFile if a moment is missing, extra, not finite, or a second moment negative
    public static OptimizerState read(SafetensorsFile file) {
        for (String name : file.tensors().keySet()) {
            if (Stream.of(FIRST, SECOND, IMPORTANCE, FORM).noneMatch(name::startsWith)) {
                throw new MalformedFile(file.file(), "tensor " + name + " is no moment", NEXT);
            }
        }
        SortedMap<String, LowRank> second = PeftWeights.read(file, SECOND, Float.MAX_VALUE);
        SortedMap<String, LowRank> importance = PeftWeights.read(file, IMPORTANCE, Float.MAX_VALUE);
        requireNonNegative(file, "a second moment", second);
        requireNonNegative(file, "an importance", importance);
        SortedMap<String, LowRank> first = new TreeMap<>(PeftWeights.read(file, FIRST, Float.MAX_VALUE));
        try {
            return new OptimizerState(step(file), first, second, importance, form(file), privacy(file));
        } catch (MalformedFile e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new MalformedFile(file.file(), String.valueOf(e.getMessage()), NEXT);
        }
    }

    /// Empty without a variant's name; tensors of a form without one belong to nothing.
    private static Optional<OptimizerState.Form> form(SafetensorsFile file) {
        SortedMap<String, FloatTensor> tensors = new TreeMap<>();
        for (String name : file.tensors().keySet()) {
            if (name.startsWith(FORM)) {
                tensors.put(name.substring(FORM.length()), PeftWeights.matrix(file, name, Float.MAX_VALUE));
            }
        }
        String variant = file.metadata().get(VARIANT);
        if (variant != null) return Optional.of(new OptimizerState.Form(variant, tensors));
        if (tensors.isEmpty()) return Optional.empty();
        throw new MalformedFile(file.file(), "tensors of a form are there, its variant's name is not", NEXT);
    }

    private static Optional<PrivacyLedger> privacy(SafetensorsFile file) {
        return Optional.ofNullable(file.metadata().get(PRIVACY)).map(PrivacyLedger::parse);
    }

    private static long step(SafetensorsFile file) {
        String text = String.valueOf(file.metadata().get(STEP));
        if (!text.matches("[0-9]{1,18}")) {
            throw new MalformedFile(file.file(), "the metadata's step must be a count, was " + text, NEXT);
        }
        return Long.parseLong(text);
    }

    private static void requireNonNegative(SafetensorsFile file, String what, SortedMap<String, LowRank> modules) {
        modules.forEach((path, module) -> {
            requireNonNegative(file, what + " of " + path, module.a());
            requireNonNegative(file, what + " of " + path, module.b());
        });
    }

    private static void requireNonNegative(SafetensorsFile file, String what, FloatTensor tensor) {
        for (float value : tensor.values()) {
            if (value < 0) throw new MalformedFile(file.file(), what + " is negative", NEXT);
        }
    }
}
