package io.adaptermill.bench;

import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.LongProduct;
import io.adaptermill.lora.kernel.Precision;
import io.adaptermill.lora.kernel.Tensor;
import io.adaptermill.lora.kernel.Workspace;
import io.adaptermill.lora.model.ModelConfig;
import io.adaptermill.lora.transformer.Fused;

/// The base's matrix products of a step and nothing else, forward and backward: what no arrangement of the rest can
/// undercut with the same library. Each kind of weight is one matrix, which stays in the cache.
final class BareProducts implements AutoCloseable {
    private static final int HEAD_ROWS = 128;

    private final ModelConfig config;
    private final Kernels kernels = Kernels.open(Precision.BF16, Kernels.threads());
    private final Workspace memory = new Workspace();

    BareProducts(ModelConfig config) {
        this.config = config;
    }

    /// @param rows tokens, all of them labelled
    void run(int rows) {
        memory.reset();
        for (Fused fused : Fused.values()) {
            Product product = new Product(rows, fused.out(config), fused.in(config));
            for (int layer = 0; layer < config.layers(); layer++) {
                product.forward();
                product.backward();
            }
        }
        int chunk = Math.min(rows, HEAD_ROWS);
        Product head = new Product(chunk, config.vocabulary(), config.hidden());
        LongProduct back = new LongProduct(kernels, chunk, head.w, memory);
        for (int first = 0; first < rows; first += chunk) {
            head.forward();
            back.nn(head.y, head.w, head.x);
        }
    }

    @Override
    public void close() {
        memory.close();
        kernels.close();
    }

    private final class Product {
        private final Tensor x;
        private final Tensor w;
        private final Tensor y;

        Product(int rows, int out, int in) {
            x = memory.tensor(Precision.BF16, rows, in);
            w = memory.tensor(Precision.BF16, out, in);
            y = memory.tensor(Precision.BF16, rows, out);
            // Whatever lay there before might be numbers so small that processors take long over them.
            for (Tensor tensor : new Tensor[] {x, w, y}) tensor.memory().fill((byte) 0x3c);
        }

        void forward() {
            kernels.products().rowsNt(x, w, y);
        }

        void backward() {
            kernels.products().rowsNn(y, w, x);
        }
    }
}
