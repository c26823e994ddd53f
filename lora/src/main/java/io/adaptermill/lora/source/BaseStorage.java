package io.adaptermill.lora.source;

import io.adaptermill.lora.quant.DenseTensor;
import io.adaptermill.lora.quant.FourBitCode;
import io.adaptermill.lora.quant.FourBitQuantiser;
import io.adaptermill.lora.quant.FrozenTensor;
import io.adaptermill.lora.quant.Int8Tensor;
import java.lang.foreign.Arena;
import java.util.Arrays;

/// How the linears of the frozen base are kept in memory, where their file has 16 or 32 bits; a file's own blocks are
/// kept as they are. Part of a base's fingerprint: every process that shares adapters needs the same.
public enum BaseStorage {
    /// QLoRA's: 4.127 bits a weight.
    NF4_DOUBLED("nf4+dq", new FourBitQuantiser(FourBitCode.NF4, true)::quantise),
    /// 4.5 bits.
    NF4("nf4", new FourBitQuantiser(FourBitCode.NF4, false)::quantise),
    FP4_DOUBLED("fp4+dq", new FourBitQuantiser(FourBitCode.FP4, true)::quantise),
    FP4("fp4", new FourBitQuantiser(FourBitCode.FP4, false)::quantise),
    /// 8 bits and a scale a row.
    INT8("int8", Int8Tensor::quantise),
    /// Exactly as the file has them; for parity checks.
    AS_STORED("as-stored", DenseTensor::copy);

    private final String storage;
    private final Form form;

    BaseStorage(String storage, Form form) {
        this.storage = storage;
        this.form = form;
    }

    /// What `-Dadaptermill.base-storage`, else the environment's `ADAPTERMILL_BASE_STORAGE`, names; else the first.
    public static BaseStorage configured() {
        String property = System.getProperty("adaptermill.base-storage");
        String name = property == null ? System.getenv("ADAPTERMILL_BASE_STORAGE") : property;
        return name == null || name.isBlank() ? NF4_DOUBLED : named(name);
    }

    /// @throws IllegalArgumentException if there is none of that name, saying which there are
    public static BaseStorage named(String storage) {
        for (BaseStorage each : values()) {
            if (each.storage.equals(storage)) return each;
        }
        throw new IllegalArgumentException("a base's storage must be one of "
                + Arrays.stream(values()).map(BaseStorage::storage).toList() + ", was \"" + storage
                + "\"; set adaptermill.base-storage (ADAPTERMILL_BASE_STORAGE) to one of them");
    }

    /// The name in configurations and of the tensors so kept.
    public String storage() {
        return storage;
    }

    FrozenTensor keep(DenseTensor weight, Arena memory) {
        return form.keep(weight, memory);
    }

    private interface Form {
        FrozenTensor keep(DenseTensor weight, Arena memory);
    }
}
