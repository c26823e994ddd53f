/// Numbers and what is done to them: native memory that torch and Java both see, torch's matrix products called
/// without Python, and Vector API kernels for everything between two products.
///
/// How to use it from a model's code:
/// 1. `try (Kernels kernels = Kernels.open(Precision.BF16, threads); Workspace memory = new Workspace())`, one
///    of each per thread of control. Nothing here is shared between two trainers, scorers or generators but the
///    process's [Torch].
/// 2. `Tensor x = memory.tensor(Precision.BF16, rows, columns)`: memory that stays until `memory.reset()`; its
///    contents are whatever was there before.
/// 3. Products: `kernels.products()` (`xWᵀ`, `xW`, `xᵀW`, batched ones). All else: [RmsNorm], [Heads],
///    [CausalSoftmax], [SwiGlu], [CrossEntropy], each over rows that are independent of one another, so that
///    the number of threads never changes a bit of the result.
@NullMarked
package io.adaptermill.lora.kernel;

import org.jspecify.annotations.NullMarked;
