/// The HTTP shell: OpenAI's paths on top of [io.adaptermill.serving.chat].
@NullMarked
package io.adaptermill.serving.http;

import org.jspecify.annotations.NullMarked;
