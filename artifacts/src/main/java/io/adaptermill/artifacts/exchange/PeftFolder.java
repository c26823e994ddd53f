package io.adaptermill.artifacts.exchange;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.ArtifactFiles;
import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LoraConfig;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.artifacts.MalformedFile;
import io.adaptermill.artifacts.peft.PeftConfig;
import io.adaptermill.artifacts.peft.PeftWeights;
import io.adaptermill.artifacts.safetensors.Dtype;
import io.adaptermill.artifacts.safetensors.SafetensorsFile;
import io.adaptermill.artifacts.safetensors.TensorEntry;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A folder as `save_pretrained` writes it: `adapter_config.json` and `adapter_model.safetensors`.
///
/// Reading fails closed. The folder is a stranger's: whatever is not surely a plain low-rank update of
/// linear layers, with sane numbers and exactly the ranks its configuration names, is refused with the
/// reason, and no pickle is ever opened.
///
/// @param adapter one rank and one scale, whatever the folder's modules had
/// @param base what the folder calls its base model; a name, no proof
public record PeftFolder(Adapter adapter, Optional<String> base) {
    private static final long JSON_BYTES_MAX = 1 << 20;
    private static final String A = ".lora_A.weight";
    private static final String B = ".lora_B.weight";
    private static final String NEXT = "have the adapter saved by PEFT as a plain LoRA in safetensors";
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// Writes the two files; the folder may exist, the files may not.
    ///
    /// @param base goes into `base_model_name_or_path`
    /// @throws UncheckedIOException if they cannot be written
    /// @throws IllegalArgumentException if it is a mixture
    public static void write(Adapter adapter, String base, Path folder) {
        adapter.requireUnrouted();
        try {
            Files.createDirectories(folder);
            Files.write(
                    folder.resolve(ArtifactFiles.CONFIG),
                    PeftConfig.write(adapter, base),
                    StandardOpenOption.CREATE_NEW);
            try (OutputStream out = new BufferedOutputStream(
                    Files.newOutputStream(folder.resolve(ArtifactFiles.WEIGHTS), StandardOpenOption.CREATE_NEW))) {
                PeftWeights.write(adapter, out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the adapter to " + folder, e);
        }
    }

    /// @throws MalformedFile if it is not surely a plain adapter
    public static PeftFolder read(Path folder) {
        ForeignConfig config = readConfig(regularFile(folder, ArtifactFiles.CONFIG));
        Path weights = regularFile(folder, ArtifactFiles.WEIGHTS);
        SortedMap<String, UniformRank.Scaled> modules = new TreeMap<>();
        try (SafetensorsFile file = SafetensorsFile.map(weights)) {
            for (String name : file.tensors().keySet()) {
                String path = modulePath(file, name);
                if (name.endsWith(A)) modules.put(path, module(file, path, config));
            }
        }
        try {
            return new PeftFolder(UniformRank.of(modules), config.base());
        } catch (IllegalArgumentException e) {
            throw new MalformedFile(weights, String.valueOf(e.getMessage()), NEXT);
        }
    }

    private static ForeignConfig readConfig(Path path) {
        try {
            long size = Files.size(path);
            if (size > JSON_BYTES_MAX) {
                throw new MalformedFile(path, "has " + size + " bytes, at most " + JSON_BYTES_MAX + " are read", NEXT);
            }
            return ForeignConfig.read(Files.readAllBytes(path));
        } catch (MalformedFile e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new MalformedFile(path, String.valueOf(e.getMessage()), NEXT);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }

    private static Path regularFile(Path folder, String name) {
        Path path = folder.resolve(name);
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new MalformedFile(path, "a regular file expected, was a link, a folder or nothing", NEXT);
        }
        return path;
    }

    private static String modulePath(SafetensorsFile file, String name) {
        boolean a = name.endsWith(A);
        boolean known = name.startsWith(PeftWeights.PEFT_PREFIX) && (a || name.endsWith(B));
        if (!known) throw new MalformedFile(file.file(), "tensor " + name + " is not a factor of a linear layer", NEXT);
        String path = name.substring(PeftWeights.PEFT_PREFIX.length(), name.length() - A.length());
        if (!path.matches("[A-Za-z0-9_.]{1,200}")) {
            throw new MalformedFile(file.file(), "tensor " + name + " is not at a module's path", NEXT);
        }
        file.entry(PeftWeights.PEFT_PREFIX + path + (a ? B : A));
        return path;
    }

    private static UniformRank.Scaled module(SafetensorsFile file, String path, ForeignConfig config) {
        FloatTensor a = matrix(file, PeftWeights.PEFT_PREFIX + path + A);
        FloatTensor b = matrix(file, PeftWeights.PEFT_PREFIX + path + B);
        int rank = config.rank(path);
        if (a.rows() != rank || b.columns() != rank || rank > LoraConfig.RANK_MAX) {
            String problem = "module %s must have rank %d by the configuration, at most %d; its factors are %s and %s"
                    .formatted(path, rank, LoraConfig.RANK_MAX, a, b);
            throw new MalformedFile(file.file(), problem, NEXT);
        }
        double scale = config.scale(path);
        if (!(scale > 0 && scale <= PeftWeights.MAGNITUDE_MAX)) {
            throw new MalformedFile(file.file(), "module " + path + " has the scale " + scale, NEXT);
        }
        return new UniformRank.Scaled(new LowRank(a, b), scale);
    }

    private static FloatTensor matrix(SafetensorsFile file, String name) {
        TensorEntry entry = file.entry(name);
        if (entry.shape().size() != 2 || entry.elements() > Integer.MAX_VALUE - 8) {
            throw new MalformedFile(file.file(), "tensor " + name + " must be a matrix, was " + entry.shape(), NEXT);
        }
        float[] values = new float[(int) entry.elements()];
        MemorySegment bytes = file.bytes(name);
        for (int i = 0; i < values.length; i++) {
            values[i] = number(entry.dtype(), bytes, i);
            if (!(Math.abs(values[i]) <= PeftWeights.MAGNITUDE_MAX)) {
                String problem = "tensor %s holds %s, at most %s in magnitude is sane"
                        .formatted(name, values[i], PeftWeights.MAGNITUDE_MAX);
                throw new MalformedFile(file.file(), problem, NEXT);
            }
        }
        return new FloatTensor(
                entry.shape().getFirst().intValue(), entry.shape().getLast().intValue(), values);
    }

    private static float number(Dtype dtype, MemorySegment bytes, long index) {
        return switch (dtype) {
            case F32 -> bytes.get(FLOAT, 4 * index);
            case F16 -> Float.float16ToFloat(bytes.get(HALF, 2 * index));
            case BF16 -> Float.intBitsToFloat(bytes.get(HALF, 2 * index) << 16);
        };
    }
}
