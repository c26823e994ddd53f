package io.adaptermill.lora.source;

import io.adaptermill.lora.gguf.GgufFile;
import io.adaptermill.lora.gguf.GgufMetadata;
import io.adaptermill.lora.gguf.GgufTensor;
import io.adaptermill.lora.gguf.GgufType;
import io.adaptermill.lora.model.RopeScaling;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// Reads how a GGUF model's rotary frequencies were scaled: by one factor in the metadata, or each by its own number
/// in a tensor (Llama 3.1).
final class GgufRope {
    static final String DIVISORS = "rope_freqs.weight";
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private GgufRope() {}

    static RopeScaling scaling(GgufFile gguf, String architecture) {
        GgufMetadata metadata = gguf.metadata();
        String kind = metadata.findText(architecture + ".rope.scaling.type").orElse("none");
        double factor = metadata.findReal(architecture + ".rope.scaling.factor")
                .or(() -> metadata.findReal(architecture + ".rope.scale_linear"))
                .orElse(1.0);
        GgufTensor divisors = gguf.tensors().get(DIVISORS);
        if (!kind.equals("none") && !kind.equals("linear")) {
            throw GgufConfig.unsupported(gguf, "the rotary scaling " + kind + " is not known");
        }
        boolean linear = kind.equals("linear") || metadata.has(architecture + ".rope.scale_linear");
        if (divisors == null) return linear && factor != 1 ? new RopeScaling.Linear(factor) : RopeScaling.NONE;
        if (linear) throw GgufConfig.unsupported(gguf, "rotary frequencies that are scaled twice are not known");
        return new RopeScaling.Divisors(read(gguf, divisors));
    }

    private static List<Float> read(GgufFile gguf, GgufTensor tensor) {
        if (tensor.type() != GgufType.F32 || tensor.rows() != 1) {
            throw GgufConfig.unsupported(gguf, DIVISORS + " must be one row of F32");
        }
        List<Float> values = new ArrayList<>();
        for (long i = 0; i < tensor.columns(); i++) values.add(tensor.data().get(FLOAT, 4 * i));
        return values;
    }
}
