/// An adapter inside the base's own weights: for an engine that knows no adapters, or a tenant with a model
/// of its own.
///
/// Merging adapters with one another needs no base and is `artifacts.merge`.
@NullMarked
package io.adaptermill.lora.merge;

import org.jspecify.annotations.NullMarked;
