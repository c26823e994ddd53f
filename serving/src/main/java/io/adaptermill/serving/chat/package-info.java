/// OpenAI's chat completions as values: what a request may say, and how answers and errors look. Pure.
@NullMarked
package io.adaptermill.serving.chat;

import org.jspecify.annotations.NullMarked;
