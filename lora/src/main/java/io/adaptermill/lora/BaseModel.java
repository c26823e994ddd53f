package io.adaptermill.lora;

import io.adaptermill.artifacts.UserPath;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.model.ModelConfig;
import io.adaptermill.lora.source.BaseStorage;
import io.adaptermill.lora.source.ModelFiles;
import io.adaptermill.lora.text.TextCodec;
import io.adaptermill.lora.transformer.FrozenDecoder;
import io.adaptermill.lora.transformer.WeightForm;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The frozen base model of a process: weights in native memory, tokenizer, chat template.
///
/// One per process; trainers, scorers and generators share it from any thread. Close it after all of them:
/// native code that still reads it while the process exits would crash the process.
public final class BaseModel implements AutoCloseable {
    private final Checkpoint checkpoint;
    private final TextCodec text;
    private final Precision precision;
    private final WeightForm form;
    private final String fingerprint;
    private final boolean ownsText;
    private @Nullable FrozenDecoder decoder;

    /// Takes over checkpoint and text, which are closed with it.
    ///
    /// @param precision of the products: [Precision#BF16] for work, [Precision#F32] for exact comparisons
    public BaseModel(Checkpoint checkpoint, TextCodec text, Precision precision) {
        this(checkpoint, text, precision, WeightForm.AS_STORED, true);
    }

    private BaseModel(Checkpoint checkpoint, TextCodec text, Precision precision, WeightForm form, boolean ownsText) {
        this.form = form;
        this.ownsText = ownsText;
        this.checkpoint = checkpoint;
        this.text = text;
        this.precision = precision;
        this.fingerprint = checkpoint.fingerprint().value();
    }

    /// Opens a GGUF file or a Hugging Face folder, keeping the linears as [BaseStorage#configured] says: in 4 bits.
    ///
    /// @throws IllegalArgumentException if there is no such model, or one that the decoder cannot run
    public static BaseModel open(Path folderOrGguf) {
        return open(folderOrGguf, BaseStorage.configured(), Precision.BF16);
    }

    /// Opens what the setting `adaptermill.model` names.
    ///
    /// @throws IllegalArgumentException if it is not set, or as in [#open(Path)]
    public static BaseModel configured(Optional<String> model) {
        return configured(model, WeightForm.AS_STORED);
    }

    /// As [#configured(Optional)].
    ///
    /// @param form of the linears in training and scoring, of which the setting `adaptermill.weights` speaks
    public static BaseModel configured(Optional<String> model, WeightForm form) {
        Path path = UserPath.of(model.orElseThrow(() ->
                new IllegalArgumentException("adaptermill.model is not set: name a GGUF file or a Hugging Face folder"
                        + " (environment: ADAPTERMILL_MODEL)")));
        return open(path, BaseStorage.configured(), Precision.BF16, form);
    }

    public static BaseModel open(Path folderOrGguf, BaseStorage storage, Precision precision) {
        return open(folderOrGguf, storage, precision, WeightForm.AS_STORED);
    }

    /// @param form of the linears in training and scoring
    public static BaseModel open(Path folderOrGguf, BaseStorage storage, Precision precision, WeightForm form) {
        ModelFiles files = ModelFiles.at(folderOrGguf);
        Checkpoint checkpoint = files.readCheckpoint(storage);
        try {
            TextCodec text = files.readText();
            try {
                return new BaseModel(checkpoint, text, precision, form, true);
            } catch (RuntimeException e) {
                text.close();
                throw e;
            }
        } catch (RuntimeException e) {
            checkpoint.close();
            throw e;
        }
    }

    /// The same texts and precision over other weights, such as these with an adapter in them. Takes over
    /// the checkpoint; to be closed before this one.
    public BaseModel with(Checkpoint other) {
        return new BaseModel(other, text, precision, form, false);
    }

    public ModelConfig config() {
        return checkpoint.config();
    }

    /// `sha256:` over configuration, names, storage and bytes: two processes with the same fingerprint
    /// compute with the same base.
    public String fingerprint() {
        return fingerprint;
    }

    public TextCodec text() {
        return text;
    }

    /// What a generator's cached decode reads.
    public Checkpoint checkpoint() {
        return checkpoint;
    }

    /// What a trainer's or scorer's decoder reads; made when first asked for, since generating does
    /// without. The first one of a process also starts torch, which takes a second.
    public synchronized FrozenDecoder decoder() {
        if (decoder == null) decoder = new FrozenDecoder(checkpoint, precision, form);
        return decoder;
    }

    @Override
    public synchronized void close() {
        if (decoder != null) decoder.close();
        if (ownsText) text.close();
        checkpoint.close();
    }
}
