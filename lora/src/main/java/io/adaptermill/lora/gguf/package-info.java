/// The GGUF format: a reader that believes no size, offset or count it has not checked against the file.
@NullMarked
package io.adaptermill.lora.gguf;

import org.jspecify.annotations.NullMarked;
