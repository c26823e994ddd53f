/// Small programs that let other people's programs check ours.
@NullMarked
package io.adaptermill.lora.bench;

import org.jspecify.annotations.NullMarked;
