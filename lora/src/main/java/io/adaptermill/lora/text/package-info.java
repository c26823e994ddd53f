/// Text to tokens and back: tokenizer, chat template, streaming.
@NullMarked
package io.adaptermill.lora.text;

import org.jspecify.annotations.NullMarked;
