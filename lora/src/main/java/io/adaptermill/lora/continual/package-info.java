/// What keeps a tenant's earlier batches from being forgotten: penalties on an adapter's weights, each a
/// value and its gradient.
///
/// What needs the decoder (a divergence from the parent's answers) is an
/// [io.adaptermill.lora.transformer.Anchor].
@NullMarked
package io.adaptermill.lora.continual;

import org.jspecify.annotations.NullMarked;
