/// One adapter out of several. No base model is needed: everything happens on the updates `ΔW = s · B A`
/// themselves.
///
/// [Merge] is the door; [MergeMethod] says how, [Weighted] what and how much of it.
@NullMarked
package io.adaptermill.artifacts.merge;

import org.jspecify.annotations.NullMarked;
