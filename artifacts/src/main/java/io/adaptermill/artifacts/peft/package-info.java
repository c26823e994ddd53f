/// An adapter as Hugging Face PEFT writes and reads it, byte for byte the same each time, and its optimizer's moments.
@NullMarked
package io.adaptermill.artifacts.peft;

import org.jspecify.annotations.NullMarked;
