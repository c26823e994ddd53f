/// Adapters for other people's servers, with proof that they answer as ours do.
@NullMarked
package io.adaptermill.lora.export;

import org.jspecify.annotations.NullMarked;
