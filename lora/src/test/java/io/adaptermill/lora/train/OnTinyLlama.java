package io.adaptermill.lora.train;

import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.model.Checkpoint;
import io.adaptermill.lora.transformer.Decoder;
import io.adaptermill.lora.transformer.FrozenDecoder;
import io.adaptermill.lora.transformer.TinyLlama;
import org.junit.jupiter.api.AfterEach;

/// What tests need that take single steps on a tiny random model in float32, closed after each.
abstract class OnTinyLlama {
    final Checkpoint checkpoint = TinyLlama.checkpoint();
    final FrozenDecoder base = new FrozenDecoder(checkpoint, Precision.F32);
    final Kernels kernels;
    final Workspace memory = new Workspace();
    final Decoder decoder;

    OnTinyLlama(int threads) {
        kernels = Kernels.open(Precision.F32, threads);
        decoder = new Decoder(base, kernels);
    }

    @AfterEach
    void close() {
        decoder.close();
        memory.close();
        kernels.close();
        base.close();
        checkpoint.close();
    }
}
