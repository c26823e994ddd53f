/// The base model as data: its configuration and its frozen tensors by Hugging Face name, whatever file they came from.
@NullMarked
package io.adaptermill.lora.model;

import org.jspecify.annotations.NullMarked;
