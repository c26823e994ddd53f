/// A decoder of the llama family with a low-rank update on any of its seven linears: forward, and the backward
/// written by hand, composed in Java from `kernel`.
///
/// How to run it from elsewhere (a generator, say):
/// - [FrozenDecoder] is the shared, read-only base: one per process and precision. `layer(i)` gives a
///   [FrozenLayer]: two norms, and four fused [FrozenLinear]s (qkv, o, gate and up, down), kept in 4 bits.
/// - [WeightScratch] is one thread's place to widen a layer's weights into: `scratch.widen(kernels, linear)`
///   returns a `[out, in]` tensor that is valid until the next call for the same kind of linear.
/// - [AdapterLayers] holds one adapter in the form the products want: `get(layer, fused)` is a [FusedLowRank],
///   whose B has scale, gate and output factor in it. [LowRankLinear] applies both: `y = x Wᵀ + (x Aᵀ) Bᵀ`, and
///   scales the rows where the method sets their lengths.
/// - [Decoder] runs whole sequences: score (nothing kept) or train (a [LayerTape] per layer kept for the
///   backward).
///
/// Letters: T packed tokens (no padding), D model, F feed-forward, V vocabulary, R rank of a fused update, N K
/// G S d as in [io.adaptermill.lora.kernel.Heads].
@NullMarked
package io.adaptermill.lora.transformer;

import org.jspecify.annotations.NullMarked;
