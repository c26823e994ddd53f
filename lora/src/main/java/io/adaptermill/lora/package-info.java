/// The training core: a frozen base model shared by all, one tenant's low-rank update trained, scored and run
/// on top of it.
///
/// What services use is in this package: [BaseModel], [AdapterTrainer], [Scorer] and `generate.Generator`. The
/// rest, inside out: `kernel` (native memory, torch's products, Java's vector kernels), `transformer` (layers,
/// forward and hand-written backward), `loss`, `optim`, `train`, `score`; beside it `model`, `quant`, `gguf`,
/// `source` and `text` (what the base is).
@NullMarked
package io.adaptermill.lora;

import org.jspecify.annotations.NullMarked;
