@NullMarked
package io.adaptermill.artifacts.peft;

import org.jspecify.annotations.NullMarked;
