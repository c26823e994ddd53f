package io.adaptermill.lora.train;

import io.adaptermill.lora.transformer.AdapterLayers;
import io.adaptermill.lora.transformer.AdapterParameters;
import io.adaptermill.lora.transformer.Anchor;
import io.adaptermill.lora.transformer.Decoder;
import io.adaptermill.lora.transformer.ScorePass;
import io.adaptermill.lora.transformer.TenantPass;
import io.adaptermill.lora.transformer.TokenBatch;
import org.jspecify.annotations.Nullable;

/// What a tenant's training stops for until it has gone through the base.
///
/// Answered once, by whoever drives; read afterwards by the tenant.
sealed interface PassRequest {
    /// Rows that it takes in a shared pass.
    int rows();

    Answer answer();

    /// Forward and backward; may share a pass with others of its kind.
    record Learn(TenantPass pass, Answer answer) implements PassRequest {
        @Override
        public int rows() {
            return pass.batch().rows();
        }
    }

    /// Forward only; may share a pass with others of its kind.
    record Score(ScorePass pass, Answer answer) implements PassRequest {
        @Override
        public int rows() {
            return pass.batch().rows();
        }
    }

    /// Forward, forward and backward, always by itself.
    record Anchored(
            TokenBatch batch,
            AdapterLayers adapter,
            Anchor anchor,
            Decoder.Weigher weigher,
            AdapterParameters gradients,
            Answer answer)
            implements PassRequest {
        @Override
        public int rows() {
            return batch.rows();
        }
    }

    /// Where the numbers that were asked for are put.
    final class Answer {
        private double[] numbers = {};
        private @Nullable RuntimeException failure;

        void put(double... values) {
            numbers = values;
        }

        /// Makes whoever asked fail, and nobody else.
        void fail(RuntimeException cause) {
            failure = cause;
        }

        /// @throws RuntimeException what the answer failed with
        double[] numbers() {
            if (failure != null) throw failure;
            return numbers;
        }
    }
}
