package io.adaptermill.lora.transformer;

import io.adaptermill.lora.kernel.Kernels;
import io.adaptermill.lora.kernel.RmsNorm;
import io.adaptermill.lora.kernel.Tensor;
import java.util.Optional;

/// The residual at a block's entry: what the block before left, added up when the forward needs it and once more
/// for the backward. Keeping both parts takes no memory, since that block keeps them anyway; keeping their sum
/// would take 4 bytes a number.
///
/// @param before residual, `[T, D]` float32
/// @param pending what is to be added to it, in the kernels' precision; absent where it was added already
/// @param sum `before` itself, or a place for the sum that all blocks share
record Entry(Tensor before, Optional<Tensor> pending, Tensor sum) {
    static Entry of(Tensor whole) {
        return new Entry(whole, Optional.empty(), whole);
    }

    static Entry of(Tensor before, Tensor pending, Tensor place) {
        return new Entry(before, Optional.of(pending), place);
    }

    /// Fills [#sum], its norm and the norm's scale.
    void norm(Kernels kernels, Tensor weight, double epsilon, Tensor scale, Tensor normed) {
        if (pending.isPresent()) {
            RmsNorm.addThenNorm(kernels, before, pending.get(), weight, epsilon, sum, scale, normed);
        } else {
            RmsNorm.norm(kernels, before, weight, epsilon, scale, normed);
        }
    }

    /// Fills [#sum] and its norm again, from a scale that is known.
    void again(Kernels kernels, Tensor scale, Tensor weight, Tensor normed) {
        if (pending.isPresent()) {
            RmsNorm.addThenAgain(kernels, before, pending.get(), scale, weight, sum, normed);
        } else {
            RmsNorm.again(kernels, before, scale, weight, normed);
        }
    }
}
