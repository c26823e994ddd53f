package io.adaptermill.artifacts.peft;

import io.adaptermill.artifacts.Adapter;
import io.adaptermill.artifacts.FloatTensor;
import io.adaptermill.artifacts.LowRank;
import io.adaptermill.artifacts.MalformedFile;
import io.adaptermill.artifacts.safetensors.Dtype;
import io.adaptermill.artifacts.safetensors.SafetensorsFile;
import io.adaptermill.artifacts.safetensors.SafetensorsWriter;
import io.adaptermill.artifacts.safetensors.TensorEntry;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// Pairs of factors as safetensors: `PREFIX.<module path>.lora_A.weight` and `.lora_B.weight`.
public final class PeftWeights {
    /// What PEFT puts before the module's path.
    public static final String PEFT_PREFIX = "base_model.model.";

    /// Largest magnitude a factor may have. Trained factors stay far below 100; 1e38 is finite and would still destroy
    /// every answer.
    public static final float MAGNITUDE_MAX = 1e4f;

    private static final String A = ".lora_A.weight";
    private static final String B = ".lora_B.weight";
    private static final String MAGNITUDE = ".lora_magnitude_vector";
    private static final String ROUTER = ".router.weight";
    private static final String NEXT = "refuse this artifact and train the version again";
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private PeftWeights() {}

    /// `adapter_model.safetensors`.
    public static void write(SortedMap<String, LowRank> modules, OutputStream out) throws IOException {
        SafetensorsWriter.write(metadata(), tensors(PEFT_PREFIX, modules), out);
    }

    /// The same with DoRA's magnitudes, vectors of one axis, and a mixture's routers.
    public static void write(Adapter adapter, OutputStream out) throws IOException {
        SortedMap<String, FloatTensor> tensors = tensors(PEFT_PREFIX, adapter.modules());
        adapter.magnitudes().forEach((path, vector) -> tensors.put(PEFT_PREFIX + path + MAGNITUDE, vector));
        adapter.routing()
                .ifPresent(routing ->
                        routing.routers().forEach((path, router) -> tensors.put(PEFT_PREFIX + path + ROUTER, router)));
        SafetensorsWriter.write(metadata(), tensors, name -> name.endsWith(MAGNITUDE), out);
    }

    /// DoRA's magnitudes by module path; empty for any other adapter.
    ///
    /// @throws MalformedFile if one is no vector of sane numbers
    public static SortedMap<String, FloatTensor> magnitudes(SafetensorsFile file) {
        SortedMap<String, FloatTensor> magnitudes = new TreeMap<>();
        for (String name : file.tensors().keySet()) {
            if (!name.startsWith(PEFT_PREFIX) || !name.endsWith(MAGNITUDE)) continue;
            TensorEntry entry = file.entry(name);
            if (entry.dtype() != Dtype.F32 || entry.shape().size() != 1) {
                String problem =
                        "tensor %s must be an F32 vector, was %s %s".formatted(name, entry.dtype(), entry.shape());
                throw new MalformedFile(file.file(), problem, NEXT);
            }
            String path = name.substring(PEFT_PREFIX.length(), name.length() - MAGNITUDE.length());
            float[] values = values(file, name, MAGNITUDE_MAX);
            magnitudes.put(path, new FloatTensor(values.length, 1, values));
        }
        return magnitudes;
    }

    /// A mixture's routers by module path; empty for any other adapter.
    ///
    /// @throws MalformedFile if one is no matrix of sane numbers
    public static SortedMap<String, FloatTensor> routers(SafetensorsFile file) {
        SortedMap<String, FloatTensor> routers = new TreeMap<>();
        for (String name : file.tensors().keySet()) {
            if (!name.startsWith(PEFT_PREFIX) || !name.endsWith(ROUTER)) continue;
            String path = name.substring(PEFT_PREFIX.length(), name.length() - ROUTER.length());
            routers.put(path, matrix(file, name, MAGNITUDE_MAX));
        }
        return routers;
    }

    /// @throws MalformedFile if a factor lacks its partner, has another shape than a matrix, or holds no sane number
    public static SortedMap<String, LowRank> read(SafetensorsFile file) {
        return read(file, PEFT_PREFIX, MAGNITUDE_MAX);
    }

    /// Whether a reader would accept both factors.
    public static boolean isSane(LowRank module) {
        return isSane(module.a()) && isSane(module.b());
    }

    private static boolean isSane(FloatTensor tensor) {
        for (float value : tensor.values()) {
            if (!(Math.abs(value) <= MAGNITUDE_MAX)) return false;
        }
        return true;
    }

    static SortedMap<String, String> metadata() {
        return new TreeMap<>(Collections.singletonMap("format", "pt"));
    }

    static SortedMap<String, FloatTensor> tensors(String prefix, SortedMap<String, LowRank> modules) {
        SortedMap<String, FloatTensor> tensors = new TreeMap<>();
        modules.forEach((path, module) -> {
            tensors.put(prefix + path + A, module.a());
            tensors.put(prefix + path + B, module.b());
        });
        return tensors;
    }

    /// Reads the pairs below one prefix; tensors with another prefix are somebody else's to judge.
    static SortedMap<String, LowRank> read(SafetensorsFile file, String prefix, float magnitudeMax) {
        SortedMap<String, LowRank> modules = new TreeMap<>();
        for (String name : file.tensors().keySet()) {
            if (!name.startsWith(prefix)) continue;
            if (prefix.equals(PEFT_PREFIX) && (name.endsWith(MAGNITUDE) || name.endsWith(ROUTER))) continue;
            if (name.endsWith(A)) {
                String path = name.substring(prefix.length(), name.length() - A.length());
                FloatTensor b = matrix(file, prefix + path + B, magnitudeMax);
                modules.put(path, pair(file, name, matrix(file, name, magnitudeMax), b));
            } else if (!name.endsWith(B) || !file.tensors().containsKey(partner(name))) {
                throw new MalformedFile(file.file(), "tensor " + name + " is not one of a pair of factors", NEXT);
            }
        }
        return modules;
    }

    private static String partner(String name) {
        return name.substring(0, name.length() - B.length()) + A;
    }

    private static LowRank pair(SafetensorsFile file, String name, FloatTensor a, FloatTensor b) {
        if (a.rows() != b.columns()) {
            throw new MalformedFile(file.file(), "tensor " + name + " and its partner have different ranks", NEXT);
        }
        return new LowRank(a, b);
    }

    static FloatTensor matrix(SafetensorsFile file, String name, float magnitudeMax) {
        TensorEntry entry = file.entry(name);
        boolean matrix = entry.dtype() == Dtype.F32 && entry.shape().size() == 2;
        if (!matrix || entry.elements() > Integer.MAX_VALUE - 8) {
            String problem = "tensor %s must be an F32 matrix, was %s %s".formatted(name, entry.dtype(), entry.shape());
            throw new MalformedFile(file.file(), problem, NEXT);
        }
        float[] values = values(file, name, magnitudeMax);
        return new FloatTensor(
                entry.shape().getFirst().intValue(), entry.shape().getLast().intValue(), values);
    }

    private static float[] values(SafetensorsFile file, String name, float magnitudeMax) {
        float[] values = new float[Math.toIntExact(file.entry(name).elements())];
        MemorySegment.copy(file.bytes(name), FLOAT, 0, values, 0, values.length);
        requireSane(file, name, values, magnitudeMax);
        return values;
    }

    /// NaN fails the positive condition too.
    private static void requireSane(SafetensorsFile file, String name, float[] values, float magnitudeMax) {
        for (float value : values) {
            if (!(Math.abs(value) <= magnitudeMax)) {
                String problem =
                        "tensor %s holds %s, at most %s in magnitude is sane".formatted(name, value, magnitudeMax);
                throw new MalformedFile(file.file(), problem, NEXT);
            }
        }
    }
}
