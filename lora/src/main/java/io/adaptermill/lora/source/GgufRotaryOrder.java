package io.adaptermill.lora.source;

import io.adaptermill.lora.gguf.GgufFile;
import io.adaptermill.lora.gguf.GgufTensor;
import io.adaptermill.lora.model.ModelConfig;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// In which order a GGUF file keeps the rows of q and k inside one head.
///
/// The two halves that a rotation mixes are rows `j` and `d/2 + j` for Hugging Face. Converters of the llama
/// architecture interleave them, `(heads, d/2, 2)`; those of the others leave them, `(heads, 2, d/2)`.
enum GgufRotaryOrder {
    INTERLEAVED,
    HALVES;

    static GgufRotaryOrder of(GgufFile gguf) {
        return gguf.metadata().text("general.architecture").equals("llama") ? INTERLEAVED : HALVES;
    }

    /// The tensor's bytes with its rows in Hugging Face's order.
    MemorySegment restore(String name, ModelConfig config, GgufTensor tensor) {
        if (this == HALVES || !(name.contains(".q_proj.") || name.contains(".k_proj."))) return tensor.data();
        boolean bias = name.endsWith(".bias");
        int rows = bias ? tensor.columns() : tensor.rows();
        long rowBytes = tensor.data().byteSize() / rows;
        int half = config.headDim() / 2;
        MemorySegment restored = Arena.ofAuto().allocate(tensor.data().byteSize());
        for (int row = 0; row < rows; row++) {
            int head = row / config.headDim();
            int within = row % config.headDim();
            int source = head * config.headDim() + within % half * 2 + within / half;
            MemorySegment.copy(tensor.data(), source * rowBytes, restored, row * rowBytes, rowBytes);
        }
        return restored;
    }
}
