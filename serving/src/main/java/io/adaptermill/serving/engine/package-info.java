/// The shell around the model: one decode thread, a batch that requests join and leave at every token.
@NullMarked
package io.adaptermill.serving.engine;

import org.jspecify.annotations.NullMarked;
