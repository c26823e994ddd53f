/// Adapters that come from elsewhere or go elsewhere, as Hugging Face PEFT's folders.
@NullMarked
package io.adaptermill.artifacts.exchange;

import org.jspecify.annotations.NullMarked;
